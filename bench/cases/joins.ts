import { planStages, prepareProgram, type RawRecord, type StageOutput, StageRuntime } from '@millrace/engine'
import { emptyGraph, type GraphEdge, type NodeConfig } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { step } from '../../api/src/templates/build.ts'
import type { BenchCase, Figure } from '../support/bench-case.ts'
import { BENCH_FIELDS, benchEvent } from '../support/bench-events.ts'
import { measureRounds, PER_RECORD_AND_RATIO, perRecordFigure, startCpuClock } from '../support/rounds.ts'

const CHUNK = 500
/** As at 120,000 events/s and ten commits a second. */
const CHUNKS_PER_COMMIT = 24
/** Events of one second of event time, of both inputs together. */
const PER_SECOND = 5_000
const TIME = 1_700_000_000_000
/** A bare parse of the same events runs so often in a second where the goal was set. */
const BARE_RATE = 780_000
const GOAL = { column: 'ratio', kind: 'at least', value: 120_000 / BARE_RATE } as const

interface JoinBench {
  readonly name: string
  readonly type: 'join' | 'pattern'
  readonly config: NodeConfig
  /** Key of an event. */
  readonly userOf: (i: number) => string
}

const WITHIN = { lower: -30_000, upper: 30_000, on: [{ left: 'userId', right: 'userId' }] }
const pairOf = (i: number) => `u-${i >> 1}`
const oneOf = (users: number) => (i: number) => `u-${(i * 7919) % users}`

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
    const events = quick ? 60_000 : 600_000
    const figures: Figure[] = []
    for (const one of CASES) {
      say(one.name)
      const records = makeRecords(events, one.userOf)
      const [bare = [], samples = []] = await measureRounds(
        [() => parseAll(records), () => workThrough(one, records)],
        quick ? 1 : 5,
      )
      if (figures.length === 0) figures.push(perRecordFigure('bare parse', bare, bare))
      const figure = perRecordFigure(one.name, samples, bare)
      figures.push(one.type === 'join' ? { ...figure, goal: GOAL } : figure)
    }
    return figures
  },
}

const utf8 = new TextEncoder()
const text = new TextDecoder()

function makeRecords(events: number, userOf: (i: number) => string): RawRecord[] {
  return Array.from({ length: events }, (_, i) => {
    const order = JSON.parse(benchEvent(i).value) as Record<string, unknown>
    const ts = TIME + Math.floor((i * 1000) / PER_SECOND) - ((i * 7) % 900)
    const value = utf8.encode(JSON.stringify({ ...order, userId: userOf(i), ts }))
    return { topic: 'events', partition: 0, offset: i, timestamp: ts, key: null, value }
  })
}

function parseAll(records: readonly RawRecord[]): number {
  const spent = startCpuClock()
  let total = 0
  for (const { value } of records)
    total += (JSON.parse(text.decode(value ?? undefined)) as { total: number }).total
  return total > 0 ? spent() / records.length : Number.NaN
}

/** Nanoseconds per event of one pass through a fresh task; inputs have their turn chunk by chunk. */
async function workThrough({ type, config }: JoinBench, records: readonly RawRecord[]): Promise<number> {
  let written = 0
  const { runtime, inputs } = makeTask(type, config, () => written++)
  const shares = Array.from({ length: inputs }, (_, input) => records.filter((_, i) => i % inputs === input))
  const spent = startCpuClock()
  let chunks = 0
  for (let from = 0; from * inputs < records.length; from += CHUNK) {
    for (const [input, share] of shares.entries()) {
      const chunk = share.slice(from, from + CHUNK)
      for (let at = 0; at < chunk.length; ) {
        at = runtime.acceptSource(input, chunk, at, null)
        await runtime.run()
      }
      runtime.flush()
      if (++chunks % CHUNKS_PER_COMMIT !== 0) continue
      for (const state of runtime.states.values()) state.takeChanges()
    }
  }
  return written > 0 ? spent() / records.length : Number.NaN
}

function makeTask(type: JoinBench['type'], config: NodeConfig, result: () => unknown) {
  const ports = type === 'join' ? ['left', 'right'] : ['in']
  const source = { connection: 'kafka', fields: BENCH_FIELDS, eventTime: 'ts', outOfOrderness: 1_000 }
  const edge = (from: string, to: string, port: string): GraphEdge => ({
    ...{ id: `${from}-${to}`, from: { node: from, port: 'out' } },
    to: { node: to, port },
  })
  const graph = {
    ...emptyGraph(type),
    nodes: [
      ...ports.map((port) => step(port, 'kafka', port, { ...source, topic: port })),
      step('node', type, type, config),
      step('sink', 'kafka-sink', 'Results', { connection: 'kafka', topic: 'results' }),
    ],
    edges: [...ports.map((port) => edge(port, 'node', port)), edge('node', 'sink', 'in')],
  }
  const program = prepareProgram(graph, catalogue, runtimes)
  const output: StageOutput = { repartition: result, topic: result, outbox: result, deadLetter: result }
  const runtime = new StageRuntime({
    ...{ program, plan: planStages(program, { source: () => 1, repartition: 1 }), output },
    ...{ stageId: 's1', task: 0, births: {}, fetchRows: null, generatorStart: 0 },
  })
  return { runtime, inputs: ports.length }
}
