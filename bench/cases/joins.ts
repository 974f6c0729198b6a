import { emptyGraph, type GraphEdge, type NodeConfig, type PipelineGraph } from '@millrace/graph'
import { step } from '../../api/src/templates/build.ts'
import type { BenchCase, Figure } from '../support/bench-case.ts'
import { BENCH_FIELDS } from '../support/bench-events.ts'
import { oneOf, orderRecord, orderTime } from '../support/order-records.ts'
import { PER_RECORD_AND_RATIO } from '../support/rounds.ts'
import { goalBesideParse, measureBesideParse, timePass, wholeTask } from '../support/whole-task.ts'

/** Changed rows are taken as at 120,000 events/s and ten commits a second. */
const PACE = { chunk: 500, chunksPerCommit: 24 } as const
const GOAL = goalBesideParse(120_000)

interface JoinBench {
  readonly name: string
  readonly type: 'join' | 'pattern'
  readonly config: NodeConfig
  /** Key of an event. */
  readonly userOf: (i: number) => string
}

const WITHIN = { lower: -30_000, upper: 30_000, on: [{ left: 'userId', right: 'userId' }] }
const pairOf = (i: number) => `u-${i >> 1}`

const CASES: readonly JoinBench[] = [
  {
    name: 'join inner ±30 s, one partner each',
    type: 'join',
    config: { ...WITHIN, kind: 'inner' },
    userOf: pairOf,
  },
  {
    name: 'the same with four fields of each',
    type: 'join',
    config: {
      ...{ ...WITHIN, kind: 'inner', fields: 'chosen' },
      leftFields: ['orderId', 'userId', 'total', 'ts'].map((field) => ({ field, as: '' })),
      rightFields: ['orderId', 'region', 'total', 'ts'].map((field) => ({ field, as: `right_${field}` })),
    },
    userOf: pairOf,
  },
  {
    name: 'join full ±30 s, half without partner',
    type: 'join',
    config: { ...WITHIN, kind: 'full' },
    userOf: (i) => (i & 2 ? `u-${i >> 1}` : `v-${i}`),
  },
  {
    name: 'join inner ±30 s by a condition, 100,000 keys, three candidates each',
    type: 'join',
    config: { ...WITHIN, kind: 'inner', condition: 'left.total > right.total' },
    userOf: oneOf(50_021),
  },
  {
    name: 'pattern within 30 s, 10,000 keys',
    type: 'pattern',
    config: {
      ...{ key: ['userId'], first: 'total > 60', second: 'total <= 60', within: 30_000, overlap: 'ignore' },
    },
    userOf: oneOf(10_007),
  },
]

/** Joins and patterns on one core: JSON is decoded, results are encoded, changed state rows too. */
export const benchCase: BenchCase = {
  method:
    '600,000 events of 260 bytes of JSON, 5,000 in each second of event time, in turns at both inputs of the join → decode, pairs, results as JSON, state rows as for the changelog every 12,000 events; one task; 5 rounds of all rows after one to warm up; bare is JSON.parse alone',
  columns: PER_RECORD_AND_RATIO,
  async run({ quick, say }) {
    const length = quick ? 60_000 : 600_000
    const figures: Figure[] = []
    for (const { name, type, config, userOf } of CASES) {
      say(name)
      const records = Array.from({ length }, (_, i) =>
        orderRecord(i, userOf(i), orderTime(i) - ((i * 7) % 900)),
      )
      const ports = type === 'join' ? ['left', 'right'] : ['in']
      const inputs = ports.map((_, input) => records.filter((_, i) => i % ports.length === input))
      const graph = graphOf(type, config, ports)
      const work = () => timePass((result) => wholeTask(graph, result), inputs, PACE)
      const { parse, figure } = await measureBesideParse(name, records, work, quick ? 1 : 5)
      if (figures.length === 0) figures.push(parse)
      figures.push(type === 'join' ? { ...figure, goal: GOAL } : figure)
    }
    return figures
  },
}

function graphOf(type: JoinBench['type'], config: NodeConfig, ports: readonly string[]): PipelineGraph {
  const source = { connection: 'kafka', fields: BENCH_FIELDS, eventTime: 'ts', outOfOrderness: 1_000 }
  const edge = (from: string, to: string, port: string): GraphEdge => ({
    ...{ id: `${from}-${to}`, from: { node: from, port: 'out' } },
    to: { node: to, port },
  })
  return {
    ...emptyGraph(type),
    nodes: [
      ...ports.map((port) => step(port, 'kafka', port, { ...source, topic: port })),
      step('node', type, type, config),
      step('sink', 'kafka-sink', 'Results', { connection: 'kafka', topic: 'results' }),
    ],
    edges: [...ports.map((port) => edge(port, 'node', port)), edge('node', 'sink', 'in')],
  }
}
