import {
  planStages,
  prepareProgram,
  type RawRecord,
  type StageOptions,
  type StageOutput,
  StageRuntime,
} from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { nexmarkEvent } from '../nexmark/events.ts'
import { NEXMARK_QUERIES } from '../nexmark/queries.ts'
import type { BenchCase, Figure } from '../support/bench-case.ts'
import { measureRounds, PER_RECORD_AND_RATIO, perRecordFigure, startCpuClock } from '../support/rounds.ts'

const CHUNK = 1_000
/** As at 300,000 events/s and ten commits a second. */
const CHUNKS_PER_COMMIT = 30
const START = Date.UTC(2026, 0, 31)
/** Long enough in event time for windows to close. */
const SPAN_S = 200

/** Every query on one core: all events are decoded, results are encoded, changed state rows too. */
export const benchCase: BenchCase = {
  method:
    'persons, auctions and bids as 1 to 3 to 46 in one topic, 2,000 in each second of event time, 400,000 events as JSON → the query → results as JSON, state rows as for the changelog every 30,000 events; all in one task, without Kafka; 3 rounds of all events after one to warm up; rates count all events that are read, also those that a query has no use for; bare is JSON.parse alone',
  columns: PER_RECORD_AND_RATIO,
  async run({ quick, say }) {
    const records = makeRecords(quick ? 20_000 : 400_000)
    const figures: Figure[] = []
    for (const [name, { title, pipeline }] of Object.entries(NEXMARK_QUERIES)) {
      say(`${name}, ${title}`)
      const [bare = [], samples = []] = await measureRounds(
        [() => parseAll(records), () => workThrough(pipeline, records)],
        quick ? 1 : 3,
      )
      if (figures.length === 0) figures.push(perRecordFigure('bare parse', bare, bare))
      figures.push(perRecordFigure(`${name}: ${title}`, samples, bare))
    }
    return figures
  },
}

const utf8 = new TextEncoder()
const text = new TextDecoder()

function makeRecords(count: number): RawRecord[] {
  const options = { seed: 1, start: START, perSecond: count / SPAN_S }
  return Array.from({ length: count }, (_, n) => {
    const event = nexmarkEvent(options, n)
    const value = utf8.encode(JSON.stringify(event))
    return { topic: 'nexmark', partition: 0, offset: n, timestamp: event.date_time, key: null, value }
  })
}

function parseAll(records: readonly RawRecord[]): number {
  const spent = startCpuClock()
  let total = 0
  for (const { value } of records)
    total += (JSON.parse(text.decode(value ?? undefined)) as { date_time: number }).date_time
  return total > 0 ? spent() / records.length : Number.NaN
}

function taskOf(graph: PipelineGraph, result: () => unknown): StageRuntime {
  const program = prepareProgram(graph, catalogue, runtimes)
  const deadLetter = () => {
    throw new Error('a query has no use for an event')
  }
  const output: StageOutput = { repartition: result, topic: result, outbox: result, deadLetter }
  const options: StageOptions = {
    ...{ program, plan: planStages(program, { source: () => 1, repartition: 1 }), output },
    ...{ stageId: 's1', task: 0, births: {}, fetchRows: null, generatorStart: 0 },
  }
  return new StageRuntime(options)
}

/** Nanoseconds per event of one pass through a fresh task. */
async function workThrough(graph: PipelineGraph, records: readonly RawRecord[]): Promise<number> {
  let written = 0
  const runtime = taskOf(graph, () => written++)
  const spent = startCpuClock()
  for (let from = 0; from < records.length; from += CHUNK) {
    const chunk = records.slice(from, from + CHUNK)
    for (let at = 0; at < chunk.length; ) {
      at = runtime.acceptSource(0, chunk, at, null)
      await runtime.run()
    }
    runtime.flush()
    if ((from / CHUNK) % CHUNKS_PER_COMMIT !== 0) continue
    for (const state of runtime.states.values()) state.takeChanges()
  }
  return written > 0 ? spent() / records.length : Number.NaN
}
