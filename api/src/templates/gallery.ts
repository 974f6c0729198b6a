import { emptyGraph, type GraphEdge, type GraphNode, type PipelineGraph } from '@millrace/graph'
import type {
  BranchConfig,
  ExplodeConfig,
  FilterConfig,
  GeneratorConfig,
  JoinConfig,
  KafkaSinkConfig,
  PatternConfig,
  RunningConfig,
  TopNConfig,
  WindowConfig,
} from '@millrace/nodes'
import { chain, step } from './build.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function generated(
  id: string,
  template: GeneratorConfig['template'],
  label: string,
  ratePerSecond = 10,
): GraphNode {
  return step(id, 'generator', label, { template, ratePerSecond } satisfies Partial<GeneratorConfig>)
}

function toTopic(topic: string, key: readonly string[]): GraphNode {
  const settings = { connection: 'kafka', topic, key: [...key] } satisfies KafkaSinkConfig
  return step(topic, 'kafka-sink', topic, settings)
}

/** A connection between two ports such as `orders` and `join.left`; the ports are `out` and `in` unless named. */
function wire(from: string, to: string): GraphEdge {
  const [fromNode = '', fromPort = 'out'] = from.split('.')
  const [toNode = '', toPort = 'in'] = to.split('.')
  return {
    id: `${fromNode}-${fromPort}-${toNode}`.slice(0, 64),
    from: { node: fromNode, port: fromPort },
    to: { node: toNode, port: toPort },
  }
}

/** A pipeline whose nodes stand in columns from left to right; null is an empty place. */
function pipeline(
  name: string,
  columns: readonly (readonly (GraphNode | null)[])[],
  edges: readonly GraphEdge[],
): PipelineGraph {
  const layout = columns.flatMap((column, x) =>
    column.flatMap((node, i) =>
      node === null ? [] : [[node.id, { x: x * 200, y: (2 * i - column.length + 1) * 72 }] as const],
    ),
  )
  return {
    ...emptyGraph(name),
    nodes: columns.flat().filter((node) => node !== null),
    edges,
    layout: Object.fromEntries(layout),
  }
}

function line(name: string, nodes: readonly GraphNode[]): PipelineGraph {
  return pipeline(
    name,
    nodes.map((node) => [node]),
    chain(nodes),
  )
}

/** Payments far above what the user usually pays, and users who pay often in a minute. */
export const suspiciousPayments = pipeline(
  'Suspicious payments',
  [
    [generated('payments', 'payments', 'payments', 50)],
    [
      step('usual', 'running', 'Usual amount, 24 h', {
        groupBy: ['userId'],
        over: 'time',
        span: 24 * HOUR,
        current: false,
        aggregates: [{ function: 'avg', argument: 'amount', as: 'usual' }],
      } satisfies Partial<RunningConfig>),
    ],
    [
      step('recent', 'running', 'Payments in 60 s', {
        groupBy: ['userId'],
        over: 'time',
        span: MINUTE,
        aggregates: [{ function: 'count', as: 'recent' }],
      } satisfies Partial<RunningConfig>),
    ],
    [
      step('why', 'branch', 'Why', {
        mode: 'all',
        branches: [
          { port: 'b1', name: 'Far above the usual', condition: 'amount > 5 * usual' },
          { port: 'b2', name: 'Three in a minute', condition: 'recent >= 3' },
        ],
        rest: 'drop',
      } satisfies BranchConfig),
    ],
    [toTopic('unusual-amounts', ['userId']), toTopic('frequent-payments', ['userId'])],
  ],
  [
    wire('payments', 'usual'),
    wire('usual', 'recent'),
    wire('recent', 'why'),
    wire('why.b1', 'unusual-amounts'),
    wire('why.b2', 'frequent-payments'),
  ],
)

const itemsOf = (id: string) =>
  step(id, 'explode', 'One row an item', { list: 'items', parts: 'spread' } satisfies Partial<ExplodeConfig>)

/** Orders of what a user has clicked on within half an hour, counted per product. */
export const clickToOrder = pipeline(
  'Click to order conversion',
  [
    [generated('clicks', 'clicks', 'clicks', 50), generated('orders', 'orders', 'orders', 50)],
    [null, itemsOf('items')],
    [
      step('conversion', 'join', 'Ordered within 30 min', {
        kind: 'inner',
        on: [
          { left: 'userId', right: 'userId' },
          { left: 'sku', right: 'sku' },
        ],
        lower: 0,
        upper: 30 * MINUTE,
        fields: 'all',
      } satisfies Partial<JoinConfig>),
    ],
    [
      step('per-product', 'window', 'Per product', {
        kind: 'hopping',
        size: 10 * MINUTE,
        slide: MINUTE,
        groupBy: ['sku'],
        aggregates: [
          { function: 'count', as: 'conversions' },
          { function: 'sum', argument: 'qty * price', as: 'revenue' },
        ],
      } satisfies Partial<WindowConfig>),
    ],
    [toTopic('conversions', ['sku'])],
  ],
  [
    wire('orders', 'items'),
    wire('clicks', 'conversion.left'),
    wire('items', 'conversion.right'),
    wire('conversion', 'per-product'),
    wire('per-product', 'conversions'),
  ],
)

/** The clicks of a user as visits. */
export const visitSessions = line('Visit sessions', [
  generated('clicks', 'clicks', 'clicks', 20),
  step('sessions', 'window', 'Until 30 min of silence', {
    kind: 'session',
    gap: 30 * MINUTE,
    groupBy: ['userId'],
    aggregates: [
      { function: 'count', as: 'clicks' },
      { function: 'count_distinct', argument: 'sku', as: 'products' },
      { function: 'last', argument: 'sku', as: 'lastProduct' },
    ],
  } satisfies Partial<WindowConfig>),
  step('lookers', 'filter', 'More than one click', {
    mode: 'keep',
    condition: 'clicks > 1',
  } satisfies FilterConfig),
  toTopic('visits', ['userId']),
])

/** Orders that were created and not shipped in time. */
export const orderNotShipped = line('Order not shipped', [
  generated('fulfilment', 'fulfilment', 'fulfilment'),
  step('overdue', 'pattern', 'Created, not shipped', {
    kind: 'absent',
    key: ['orderId'],
    first: "kind = 'created'",
    second: "kind = 'shipped'",
    within: 10_000,
  } satisfies Partial<PatternConfig>),
  toTopic('overdue-orders', ['orderId']),
])

/** Orders beside their payments, and those that were not paid. */
export const unpaidOrders = pipeline(
  'Unpaid orders',
  [
    [generated('orders', 'orders', 'orders'), generated('payments', 'payments', 'payments', 8)],
    [
      step('paid', 'join', 'Paid within 10 s', {
        kind: 'left',
        on: [{ left: 'orderId', right: 'orderId' }],
        lower: -10_000,
        upper: 10_000,
        fields: 'all',
      } satisfies Partial<JoinConfig>),
    ],
    [
      step('which', 'branch', 'Paid or not', {
        mode: 'first',
        branches: [{ port: 'b1', name: 'Not paid', condition: 'paymentId is null' }],
        rest: 'out',
      } satisfies BranchConfig),
    ],
    [toTopic('unpaid-orders', ['left_userId']), toTopic('paid-orders', ['left_userId'])],
  ],
  [
    wire('orders', 'paid.left'),
    wire('payments', 'paid.right'),
    wire('paid', 'which'),
    wire('which.b1', 'unpaid-orders'),
    wire('which.else', 'paid-orders'),
  ],
)

/** The products with most revenue in each minute. */
export const topProducts = line('Top products per minute', [
  generated('orders', 'orders', 'orders', 20),
  itemsOf('items'),
  step('revenue', 'window', 'Revenue per product', {
    kind: 'tumbling',
    size: MINUTE,
    groupBy: ['sku'],
    aggregates: [{ function: 'sum', argument: 'qty * price', as: 'revenue' }],
  } satisfies Partial<WindowConfig>),
  step('top', 'top-n', 'Top 5 of each minute', {
    per: 'window',
    n: 5,
    orderBy: [{ field: 'revenue', direction: 'desc', nulls: 'last' }],
    rank: 'rank',
  } satisfies Partial<TopNConfig>),
  toTopic('top-products', ['window_start', 'rank']),
])
