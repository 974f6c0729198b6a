import type { NodeConfig } from '@millrace/graph'
import type { BenchCase } from '../support/bench-case.ts'
import { measureNodes, NODE_COLUMNS, NODE_METHOD, type NodeBench } from '../support/measure-nodes.ts'
import { oneOf } from '../support/order-records.ts'

const AGGREGATES: NodeConfig[string] = [
  { function: 'count', as: 'orders' },
  { function: 'sum', argument: 'total', as: 'revenue' },
  { function: 'max', argument: 'total', as: 'largest' },
]

const DAY = 86_400_000

function running(config: NodeConfig): NodeBench['node'] {
  return { type: 'running', config: { groupBy: ['userId'], aggregates: AGGREGATES, ...config } }
}

function dedupe(config: NodeConfig): NodeBench['node'] {
  return { type: 'dedupe', config: { key: ['userId', 'orderId'], ttl: 60_000, ...config } }
}

function top(config: NodeConfig): NodeBench['node'] {
  const orderBy = [{ field: 'total', direction: 'desc', nulls: 'last' }]
  return { type: 'top-n', config: { per: 'stream', orderBy, partitionBy: ['userId'], ...config } }
}

const CASES: readonly NodeBench[] = [
  { name: 'running over 1 min, 10,000 keys', node: running({ span: 60_000 }), userOf: oneOf(10_000) },
  {
    name: 'running over 1 d, 100 keys, up to 2,000 events each',
    node: running({ span: DAY }),
    userOf: oneOf(100),
  },
  {
    name: 'the last 10 events, 10,000 keys',
    node: running({ over: 'count', events: 10 }),
    userOf: oneOf(10_000),
  },
  {
    name: 'running over 1 min by event time, 10,000 keys',
    node: running({ span: 60_000, order: 'event' }),
    userOf: oneOf(10_000),
  },
  { name: 'dedupe, first by arrival', node: dedupe({}), userOf: oneOf(10_000) },
  { name: 'dedupe, first by event time', node: dedupe({ order: 'event' }), userOf: oneOf(10_000) },
  {
    name: 'dedupe by user, last by event time',
    node: dedupe({ keep: 'last', order: 'event', key: ['userId'] }),
    userOf: oneOf(10_000),
  },
  { name: 'top 3 of each user, 10,000 users', node: top({ n: 3 }), userOf: oneOf(10_000) },
]

/** Nodes that keep rows of each key, on one core. */
export const benchCase: BenchCase = {
  method: `200,000 events of 260 bytes of JSON, 5,000 in each second of event time, 1,000 different amounts → decode, the node (running: count, sum and max by user), ${NODE_METHOD}`,
  columns: NODE_COLUMNS,
  run: (bench) => measureNodes(CASES, 200_000, bench),
}
