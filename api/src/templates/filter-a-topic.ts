import type { PipelineGraph } from '@millrace/graph'
import type { FilterConfig, KafkaSinkConfig, KafkaSourceConfig } from '@millrace/nodes'
import { chain, step } from './build.ts'

const orders = step('orders', 'kafka', 'orders', {
  connection: 'kafka',
  topic: 'orders',
  format: 'json',
  fields: [
    { name: 'orderId', type: 'string not null' },
    { name: 'userId', type: 'string not null' },
    { name: 'total', type: 'double' },
    { name: 'ts', type: 'timestamp' },
  ],
  eventTime: 'ts',
  outOfOrderness: 5_000,
  idleTimeout: 30_000,
  maxAhead: 300_000,
  keyedBy: ['userId'],
} satisfies KafkaSourceConfig)

const keepLarge = step('large', 'filter', 'Keep large orders', {
  mode: 'keep',
  condition: 'total >= 100',
} satisfies FilterConfig)

const largeOrders = step('large-orders', 'kafka-sink', 'large-orders', {
  connection: 'kafka',
  topic: 'large-orders',
  key: ['userId'],
} satisfies KafkaSinkConfig)

const nodes = [orders, keepLarge, largeOrders]

/** The smallest useful pipeline: part of a topic into another one. */
export const filterATopic: PipelineGraph = {
  format: 1,
  name: 'Filter a topic',
  nodes,
  edges: chain(nodes),
  layout: { orders: { x: 0, y: 0 }, large: { x: 160, y: 0 }, 'large-orders': { x: 320, y: 0 } },
}
