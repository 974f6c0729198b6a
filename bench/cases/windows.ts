import type { NodeConfig } from '@millrace/graph'
import type { BenchCase } from '../support/bench-case.ts'
import { measureNodes, NODE_COLUMNS, NODE_METHOD, type NodeBench } from '../support/measure-nodes.ts'
import { oneOf } from '../support/order-records.ts'

const AGGREGATES: NodeConfig[string] = [
  { function: 'count', as: 'orders' },
  { function: 'sum', argument: 'total', as: 'revenue' },
  { function: 'avg', argument: 'total', as: 'average' },
]

interface WindowBench extends Omit<NodeBench, 'node'> {
  readonly config: NodeConfig
}

const CASES: readonly WindowBench[] = [
  {
    name: 'tumbling 60 s, 10,000 keys, 30 events in each window',
    config: { kind: 'tumbling', size: 60_000 },
    userOf: oneOf(10_000),
    wanted: 300_000,
  },
  {
    name: 'hopping 60 s every 1 s, 500 keys, 10 events in each pane',
    config: { kind: 'hopping', size: 60_000, slide: 1_000 },
    userOf: oneOf(500),
    wanted: 150_000,
  },
  {
    name: 'the same every 10 s',
    config: { kind: 'hopping', size: 60_000, slide: 10_000 },
    userOf: oneOf(500),
    wanted: 150_000,
  },
  {
    name: 'cumulative 10 min by 10 s, 10,000 keys',
    config: { kind: 'cumulative', size: 600_000, step: 10_000 },
    userOf: oneOf(10_000),
    wanted: 150_000,
  },
  {
    name: 'session with gap 30 s, 20 events each, 7,500 open',
    config: { kind: 'session', gap: 30_000 },
    userOf: (i) => `u-${Math.floor(i / 20_000) * 1_000 + ((i * 7919) % 1_000)}`,
    wanted: 200_000,
  },
  {
    name: 'tumbling 60 s with count distinct and p99',
    config: {
      ...{ kind: 'tumbling', size: 60_000 },
      aggregates: [
        { function: 'count_distinct', argument: 'orderId', as: 'different' },
        { function: 'percentile', argument: 'total', percentile: 99, as: 'p99' },
      ],
    },
    userOf: oneOf(1_000),
    wanted: 150_000,
  },
]

/** The window node on one core. */
export const benchCase: BenchCase = {
  method: `600,000 events of 260 bytes of JSON, 5,000 in each second of event time → decode, window by user (count, sum, avg), ${NODE_METHOD}`,
  columns: NODE_COLUMNS,
  run: (bench) => measureNodes(CASES.map(benchOf), 600_000, bench),
}

function benchOf({ config, ...rest }: WindowBench): NodeBench {
  const settings = { aggregates: AGGREGATES, groupBy: ['userId'], ...config }
  return { ...rest, node: { type: 'window', config: settings } }
}
