import type { PipelineGraph } from '@millrace/graph'
import { BENCH_FIELDS } from '../bench-events.ts'
import { flowGraph, type Nodes } from '../flow-graph.ts'
import { OUT_OF_ORDERNESS_MS } from './events.ts'

/** A topic that graphs read. */
export type InputName = 'orders' | 'payments' | 'users'

/** A column of results, as Flink's sink declares it. */
export interface ResultColumn {
  readonly name: string
  /** SQL. A `TIMESTAMP(3)` is compared as a time, whichever way it is written. */
  readonly type: 'STRING' | 'DOUBLE' | 'BIGINT' | 'TIMESTAMP(3)'
}

/** One task for both engines. */
export interface ComparedGraph {
  /** For tables. */
  readonly name: string
  /** For `--graphs`. */
  readonly id: string
  readonly inputs: readonly InputName[]
  /** Millrace's nodes between sources (`orders`, `payments`) and sink (`results`), and the edges as text. */
  readonly nodes: Nodes
  readonly flows: string
  /** Flink's query over tables of the same names. */
  readonly query: string
  /** Flink's settings for this query. */
  readonly settings?: Readonly<Record<string, string>>
  readonly columns: readonly ResultColumn[]
  /** The field that is the record key of the results. */
  readonly key: string
  /** Results are written by tasks that have their input from a repartition topic, so that they come after the positions. */
  readonly spreadAnew?: boolean
  /** Both engines are so fast at it that they are given twice as many orders. */
  readonly long?: boolean
}

const MINUTE = 60_000

type Aggregate = { readonly [name: string]: string }

const PAYMENT_FIELDS = [
  { name: 'paymentId', type: 'string not null' },
  { name: 'orderId', type: 'string not null' },
  { name: 'userId', type: 'string not null' },
  { name: 'amount', type: 'double' },
  { name: 'ts', type: 'timestamp not null' },
]

const AGGREGATES: readonly Aggregate[] = [
  { function: 'count', as: 'orders' },
  { function: 'sum', argument: 'total', as: 'revenue' },
]

const text = (...names: string[]): ResultColumn[] => names.map((name) => ({ name, type: 'STRING' }))
const number = (name: string): ResultColumn => ({ name, type: 'DOUBLE' })
const integer = (name: string): ResultColumn => ({ name, type: 'BIGINT' })

const WINDOW_COLUMNS: readonly ResultColumn[] = [
  { name: 'window_start', type: 'TIMESTAMP(3)' },
  { name: 'window_end', type: 'TIMESTAMP(3)' },
  integer('orders'),
  number('revenue'),
]

const FIRST_PER_ORDER: Nodes[string] = [
  'dedupe',
  { key: ['userId', 'orderId'], keep: 'first', order: 'arrival', ttl: 60 * MINUTE },
]

/** As long as Millrace remembers; Flink counts it by the clock. */
const REMEMBER = { 'table.exec.state.ttl': '1 h' }

const ADD_HOME: Nodes[string] = [
  'enrich',
  {
    connection: 'kafka',
    topic: 'users',
    fields: [
      { name: 'userId', type: 'string not null' },
      { name: 'home', type: 'string' },
      { name: 'tier', type: 'string' },
    ],
    ...{ keyField: 'userId', key: 'userId', miss: 'keep' },
    add: [
      { field: 'home', as: '' },
      { field: 'tier', as: '' },
    ],
  },
]

/** Only these fields, as they are. */
export function select(...names: string[]): Nodes[string] {
  const fields = names.map((name) => ({ name, expression: name }))
  return ['select', { rest: 'drop', keep: [], drop: [], rename: [], cast: [], fields }]
}

/** A window by user, in the words of both. */
function windowByUser(id: string, name: string, config: Nodes[string][1], table: string): ComparedGraph {
  return {
    ...{ id, name, inputs: ['orders'], long: true },
    ...{ flows: 'orders window, window results', key: 'userId' },
    nodes: { window: ['window', { ...config, groupBy: ['userId'], aggregates: AGGREGATES }] },
    query: `SELECT userId, window_start, window_end, COUNT(*), SUM(total)
FROM TABLE(${table}) GROUP BY userId, window_start, window_end`,
    columns: [...text('userId'), ...WINDOW_COLUMNS],
  }
}

/** All graphs that are measured beside Flink, in the order of the table. */
export const COMPARED_GRAPHS: readonly ComparedGraph[] = [
  {
    ...{ id: 'filter', name: 'filter + project', inputs: ['orders'], key: 'userId', long: true },
    nodes: {
      filter: ['filter', { mode: 'keep', condition: "total >= 10 and region <> 'R-7'" }],
      project: select('orderId', 'userId', 'region', 'total'),
    },
    flows: 'orders filter, filter project, project results',
    query: `SELECT orderId, userId, region, total FROM orders WHERE total >= 10 AND region <> 'R-7'`,
    columns: [...text('orderId', 'userId', 'region'), number('total')],
  },
  windowByUser(
    'tumbling',
    'tumbling window 5 min by user',
    { kind: 'tumbling', size: 5 * MINUTE },
    "TUMBLE(TABLE orders, DESCRIPTOR(rowtime), INTERVAL '5' MINUTE)",
  ),
  windowByUser(
    'hopping',
    'hopping window 5 min every 1 min by user',
    { kind: 'hopping', size: 5 * MINUTE, slide: MINUTE },
    "HOP(TABLE orders, DESCRIPTOR(rowtime), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)",
  ),
  windowByUser(
    'session',
    'session with gap 20 s by user',
    { kind: 'session', gap: 20_000 },
    "SESSION(TABLE orders PARTITION BY userId, DESCRIPTOR(rowtime), INTERVAL '20' SECOND)",
  ),
  {
    ...{ id: 'join', name: 'interval join of orders and payments', inputs: ['orders', 'payments'] },
    nodes: {
      join: [
        'join',
        {
          ...{ kind: 'inner', lower: 0, upper: 30_000, fields: 'chosen' },
          on: ['userId', 'orderId'].map((name) => ({ left: name, right: name })),
          leftFields: ['orderId', 'userId', 'total'].map((field) => ({ field, as: '' })),
          rightFields: ['paymentId', 'amount'].map((field) => ({ field, as: '' })),
        },
      ],
    },
    flows: 'orders join:left, payments join:right, join results',
    query: `SELECT o.orderId, o.userId, o.total, p.paymentId, p.amount FROM orders o JOIN payments p
ON o.userId = p.userId AND o.orderId = p.orderId
AND p.rowtime BETWEEN o.rowtime AND o.rowtime + INTERVAL '30' SECOND`,
    columns: [...text('orderId', 'userId'), number('total'), ...text('paymentId'), number('amount')],
    ...{ key: 'userId', spreadAnew: true },
  },
  {
    ...{ id: 'dedupe', name: 'dedupe by order', inputs: ['orders'], key: 'userId', settings: REMEMBER },
    nodes: { first: FIRST_PER_ORDER, project: select('orderId', 'userId', 'region', 'total') },
    flows: 'orders first, first project, project results',
    query: `SELECT orderId, userId, region, total FROM (
SELECT *, ROW_NUMBER() OVER (PARTITION BY userId, orderId ORDER BY arrival) AS place FROM orders) WHERE place = 1`,
    columns: [...text('orderId', 'userId', 'region'), number('total')],
  },
  {
    ...{ id: 'enrich', name: 'enrich by reference topic', inputs: ['orders', 'users'], key: 'userId' },
    nodes: { enrich: ADD_HOME, project: select('orderId', 'userId', 'total', 'home', 'tier') },
    flows: 'orders enrich, enrich project, project results',
    query: `SELECT o.orderId, o.userId, o.total, u.home, u.tier
FROM orders o LEFT JOIN users FOR SYSTEM_TIME AS OF o.rowtime u ON o.userId = u.userId`,
    columns: [...text('orderId', 'userId'), number('total'), ...text('home', 'tier')],
  },
  {
    ...{ id: 'demo', name: 'demo: filter, dedupe, enrich, window by region', inputs: ['orders', 'users'] },
    nodes: {
      'health-checks': ['filter', { mode: 'drop', condition: "userId like 'healthcheck%'" }],
      first: FIRST_PER_ORDER,
      enrich: ADD_HOME,
      'per-home': [
        'window',
        {
          ...{ kind: 'tumbling', size: 5 * MINUTE, groupBy: ['home'] },
          aggregates: [...AGGREGATES, { function: 'avg', argument: 'total', as: 'average' }],
        },
      ],
    },
    flows: 'orders health-checks, health-checks first, first enrich, enrich per-home, per-home results',
    query: `WITH firsts AS (SELECT * FROM (
SELECT *, ROW_NUMBER() OVER (PARTITION BY userId, orderId ORDER BY arrival) AS place
FROM orders WHERE userId NOT LIKE 'healthcheck%') WHERE place = 1),
enriched AS (SELECT o.total, o.rowtime, u.home
FROM firsts o LEFT JOIN users FOR SYSTEM_TIME AS OF o.rowtime u ON o.userId = u.userId)
SELECT home, window_start, window_end, COUNT(*), SUM(total), AVG(total)
FROM TABLE(TUMBLE(TABLE enriched, DESCRIPTOR(rowtime), INTERVAL '5' MINUTE)) GROUP BY home, window_start, window_end`,
    settings: REMEMBER,
    columns: [...text('home'), ...WINDOW_COLUMNS, number('average')],
    ...{ key: 'home', spreadAnew: true },
  },
]

/** Millrace's document of a graph, with these topics. */
export function millraceGraph(
  graph: ComparedGraph,
  topics: Readonly<Record<InputName, string>>,
  results: string,
): PipelineGraph {
  const source = (topic: string, fields: typeof BENCH_FIELDS): Nodes[string] => [
    'kafka',
    {
      ...{ connection: 'kafka', topic, format: 'json', fields, eventTime: 'ts', keyedBy: ['userId'] },
      ...{ outOfOrderness: OUT_OF_ORDERNESS_MS, idleTimeout: 1_000, maxAhead: null },
    },
  ]
  const sources = {
    orders: source(topics.orders, BENCH_FIELDS),
    ...(graph.inputs.includes('payments') && { payments: source(topics.payments, PAYMENT_FIELDS) }),
  }
  const sink: Nodes[string] = ['kafka-sink', { connection: 'kafka', topic: results, key: [graph.key] }]
  const inner = Object.entries(graph.nodes).map(([id, [type, config]]) => [
    id,
    [type, type === 'enrich' ? { ...config, topic: topics.users } : config],
  ])
  return flowGraph(graph.name, { ...sources, ...Object.fromEntries(inner), results: sink }, graph.flows)
}
