import type { PipelineGraph } from '@millrace/graph'
import type {
  DedupeConfig,
  ElasticsearchConfig,
  EnrichConfig,
  FilterConfig,
  KafkaSinkConfig,
  KafkaSourceConfig,
  WindowConfig,
} from '@millrace/nodes'
import { chain, step } from './build.ts'

const MINUTE = 60_000

const orders = step('orders', 'kafka', 'orders', {
  connection: 'kafka',
  topic: 'orders',
  format: 'json',
  fields: [
    { name: 'orderId', type: 'string not null' },
    { name: 'userId', type: 'string not null' },
    { name: 'items', type: 'array<struct<sku string, qty int64, price double>>' },
    { name: 'total', type: 'double' },
    { name: 'ts', type: 'timestamp' },
  ],
  eventTime: 'ts',
  outOfOrderness: 5_000,
  idleTimeout: 30_000,
  maxAhead: 5 * MINUTE,
  keyedBy: ['userId'],
} satisfies KafkaSourceConfig)

const dropHealthChecks = step('health-checks', 'filter', 'Drop health checks', {
  mode: 'drop',
  condition: "userId like 'healthcheck%'",
} satisfies FilterConfig)

const firstPerOrder = step('first-per-order', 'dedupe', 'First per order', {
  key: ['userId', 'orderId'],
  keep: 'first',
  order: 'arrival',
  ttl: 60 * MINUTE,
} satisfies DedupeConfig)

const addRegion = step('add-region', 'enrich', 'Add region, tier', {
  connection: 'kafka',
  topic: 'users',
  fields: [
    { name: 'userId', type: 'string not null' },
    { name: 'region', type: 'string' },
    { name: 'tier', type: 'string' },
  ],
  keyField: 'userId',
  key: 'userId',
  add: [
    { field: 'region', as: '' },
    { field: 'tier', as: '' },
  ],
  miss: 'keep',
} satisfies Partial<EnrichConfig>)

const addCategories = step('add-categories', 'enrich', 'Add categories', {
  connection: 'kafka',
  topic: 'products',
  fields: [
    { name: 'sku', type: 'string not null' },
    { name: 'name', type: 'string' },
    { name: 'category', type: 'string' },
  ],
  keyField: 'sku',
  key: 'items.sku',
  add: [{ field: 'category', as: 'categories' }],
  miss: 'keep',
} satisfies Partial<EnrichConfig>)

const ordersIndex = step('orders-index', 'elasticsearch', 'orders', {
  connection: 'elasticsearch',
  alias: 'orders',
  index: 'daily',
  dateField: null,
  id: '{orderId}',
  fields: [
    { field: 'orderId', type: 'keyword' },
    { field: 'userId', type: 'keyword' },
    { field: 'region', type: 'keyword' },
    { field: 'tier', type: 'keyword' },
    { field: 'categories', type: 'keyword' },
    { field: 'total', type: 'double' },
    { field: 'ts', type: 'date' },
  ],
  timeField: 'ts',
  refreshSeconds: 1,
  bulkDocuments: 2_000,
  shards: 1,
  replicas: 0,
  retentionDays: null,
} satisfies ElasticsearchConfig)

const perRegion = step('per-region', 'window', '5 min by region', {
  kind: 'tumbling',
  size: 5 * MINUTE,
  groupBy: ['region'],
  aggregates: [
    { function: 'count', as: 'orders' },
    { function: 'sum', argument: 'total', as: 'revenue' },
    { function: 'avg', argument: 'total', as: 'average' },
  ],
  output: 'updating',
  earlyUpdates: 5_000,
} satisfies Partial<WindowConfig>)

const regionTopic = step('region-topic', 'kafka-sink', 'orders-per-region', {
  connection: 'kafka',
  topic: 'orders-per-region',
  key: ['region', 'window_start'],
} satisfies KafkaSinkConfig)

const main = [orders, dropHealthChecks, firstPerOrder, addRegion, addCategories]

/** The demo: orders without health checks and repeats, enriched, to Elasticsearch and counted per region. */
export const ordersByRegion: PipelineGraph = {
  format: 1,
  name: 'Orders by region',
  nodes: [...main, ordersIndex, perRegion, regionTopic],
  edges: [
    ...chain(main),
    ...chain([addCategories, ordersIndex]),
    ...chain([addCategories, perRegion, regionTopic]),
  ],
  layout: {
    orders: { x: 0, y: 0 },
    'health-checks': { x: 160, y: 0 },
    'first-per-order': { x: 320, y: 0 },
    'add-region': { x: 480, y: 0 },
    'add-categories': { x: 640, y: 0 },
    'orders-index': { x: 960, y: -112 },
    'per-region': { x: 800, y: 112 },
    'region-topic': { x: 960, y: 112 },
  },
}
