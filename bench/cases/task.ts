import type { DeploymentSpec } from '@millrace/contracts'
import { nameStages, planStages, prepareProgram, StageRuntime } from '@millrace/engine'
import { catalogue, runtimes } from '@millrace/nodes'
import { type FetchedPartition, RecordBatchBuilder } from '../../executor/src/kafka/wire/index.ts'
import { RecordCursor } from '../../executor/src/kafka/wire/records/record-cursor.ts'
import { TaskMeter } from '../../executor/src/metrics/task-meter.ts'
import { InputCursor } from '../../executor/src/task/input-cursor.ts'
import { InputFeeder } from '../../executor/src/task/input-feeder.ts'
import { TransactionBuffer } from '../../executor/src/task/transaction-buffer.ts'
import { TransactionOutput } from '../../executor/src/task/transaction-output.ts'
import type { BenchCase } from '../support/bench-case.ts'
import { benchEvent } from '../support/bench-events.ts'
import { BENCH_PIPELINES, type BenchPipeline, benchGraph } from '../support/bench-pipelines.ts'
import { measureRounds, PER_RECORD_AND_RATIO, perRecordFigure, startCpuClock } from '../support/rounds.ts'

const TOPIC = 'bench-in'
const EVENTS_PER_COMMIT = 10_000
const IDENTITY = { producerId: 4711n, producerEpoch: 3 }

/** What an executor does with its events between two sockets. */
export const benchCase: BenchCase = {
  method:
    '200,000 events of 260 bytes of JSON as fetched batches in memory → decode, operators, keyed state, records and changelog of the next transaction, sealed every 10,000 events; one task with all keys; 9 rounds of all rows after one to warm up; bare is a walk over the same batches with JSON.parse',
  columns: PER_RECORD_AND_RATIO,
  async run({ quick }) {
    const batches = makeBatches(quick ? 20_000 : 200_000)
    const works = [
      () => parseAll(batches),
      ...BENCH_PIPELINES.map((pipeline) => () => workThrough(pipeline, batches)),
    ]
    const [bare = [], ...samples] = await measureRounds(works, quick ? 1 : 9)
    return [
      perRecordFigure('bare walk and parse', bare, bare),
      ...BENCH_PIPELINES.map(({ name }, i) => perRecordFigure(name, samples[i] ?? [], bare)),
    ]
  },
}

interface Batch {
  readonly bytes: Buffer
  readonly from: number
  readonly records: number
}

/** As a fetch brings them: up to 900 kB each. */
function makeBatches(events: number): Batch[] {
  const builder = new RecordBatchBuilder()
  for (let i = 0; i < events; i++) {
    const { key, value } = benchEvent(i)
    builder.append(key, value, 1_700_000_000_000 + i)
  }
  let from = 0
  return Array.from({ length: builder.batchCount }, (_, i) => {
    const records = builder.recordCountOf(i)
    const bytes = Buffer.from(builder.seal(i, IDENTITY, 0))
    bytes.writeBigInt64BE(BigInt(from))
    from += records
    return { bytes, from: from - records, records }
  })
}

function fetched({ bytes, from, records }: Batch): FetchedPartition {
  const end = from + records
  return {
    ...{ topic: TOPIC, partition: 0, error: null, highWatermark: end, lastStableOffset: end },
    ...{ logStartOffset: 0, nextOffset: end, bytes: bytes.length },
    records: () =>
      new RecordCursor({
        ...{ topic: TOPIC, partition: 0, batches: bytes, fromOffset: from, abortFilter: null },
        maxBatchBytes: 1 << 26,
      }),
  }
}

function parseAll(batches: readonly Batch[]): number {
  const spent = startCpuClock()
  let total = 0
  for (const batch of batches) {
    const records = fetched(batch).records()
    while (records.next()) total += (JSON.parse(records.valueText() ?? '{}') as { total: number }).total
  }
  return total > 0 ? spent() / eventsIn(batches) : Number.NaN
}

function eventsIn(batches: readonly Batch[]): number {
  return batches.reduce((sum, { records }) => sum + records, 0)
}

/** Nanoseconds per event of one pass through a fresh task. */
async function workThrough(pipeline: BenchPipeline, batches: readonly Batch[]): Promise<number> {
  const task = makeTask(pipeline)
  const spent = startCpuClock()
  let due = EVENTS_PER_COMMIT
  for (const batch of batches) {
    due -= await task.feeder.feed({ cursor: task.cursor, partition: fetched(batch) })
    if (due > 0) continue
    commit(task)
    due = EVENTS_PER_COMMIT
  }
  commit(task)
  return task.written > 0 ? spent() / eventsIn(batches) : Number.NaN
}

interface BenchTask {
  readonly runtime: StageRuntime
  readonly feeder: InputFeeder
  readonly cursor: InputCursor
  readonly buffer: TransactionBuffer
  written: number
}

function makeTask(pipeline: BenchPipeline): BenchTask {
  const program = prepareProgram(benchGraph(pipeline, TOPIC, 'bench-out'), catalogue, runtimes)
  const { plan } = nameStages(planStages(program, { source: () => 1, repartition: 1 }), [], 1)
  const buffer = new TransactionBuffer()
  const output = new TransactionOutput(
    {
      ...{ spec: { plan } as DeploymentSpec, program, partition: 0, stage: 's1' },
      sinks: new Map([['sink', { topic: 'bench-out', partitions: 4, maxBytes: 1_000_000 }]]),
      deadLetters: { topic: 'dead', partition: 0, maxBytes: 1_000_000 },
    },
    () => buffer,
  )
  const runtime = new StageRuntime({
    ...{ program, plan, output, stageId: 's1', task: 0, births: {}, outside: null },
    probe: new TaskMeter(),
  })
  const position = { topic: TOPIC, topicId: '', partition: 0, next: 0 }
  const cursor = new InputCursor({
    name: 'source:source',
    kind: 'source',
    input: 0,
    nodeId: 'source',
    position,
  })
  const feeder = new InputFeeder({ runtime, codecs: [], commitPoint: async () => {}, refuse: () => {} })
  return { runtime, feeder, cursor, buffer, written: 0 }
}

/** What a commit does before its first request leaves. */
function commit(task: BenchTask): void {
  const { runtime, buffer } = task
  runtime.flush()
  for (const state of runtime.states.values()) {
    for (const { stateKey, value } of state.takeChanges()) buffer.append('changelog', 0, stateKey, value, 0)
  }
  for (const { records } of buffer.writes()) {
    for (let i = 0; i < records.batchCount; i++) task.written += records.seal(i, IDENTITY, 0).length
  }
  buffer.reset()
}
