import { planStages, prepareProgram, type RawRecord, type StageOutput, StageRuntime } from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import type { Figure, Goal } from './bench-case.ts'
import { measureRounds, perRecordFigure, startCpuClock, type Timed } from './rounds.ts'

/** How the inputs of a task are worked through. */
export interface Pace {
  /** Records of an input before the next one has its turn. */
  readonly chunk: number
  /** Chunks between two times at which changed state rows are taken, as a commit does. */
  readonly chunksPerCommit: number
}

/** One task that runs a pipeline of one stage as a whole, and calls back for each result and dead letter. */
export function wholeTask(graph: PipelineGraph, result: () => unknown, deadLetter = result): StageRuntime {
  const program = prepareProgram(graph, catalogue, runtimes)
  const output: StageOutput = { repartition: result, topic: result, outbox: result, deadLetter }
  return new StageRuntime({
    ...{ program, plan: planStages(program, { source: () => 1, repartition: 1 }), output },
    ...{ stageId: 's1', task: 0, births: {}, outside: null, generatorStart: 0 },
  })
}

/**
 * Nanoseconds per event of one pass through a fresh task, as `makeTask` makes it; NaN where nothing comes of it.
 *
 * @param inputs the records of each input
 */
export async function timePass(
  makeTask: (result: () => unknown) => StageRuntime,
  inputs: readonly (readonly RawRecord[])[],
  { chunk, chunksPerCommit }: Pace,
): Promise<number> {
  let written = 0
  const runtime = makeTask(() => written++)
  const longest = Math.max(...inputs.map(({ length }) => length))
  const spent = startCpuClock()
  let chunks = 0
  for (let from = 0; from < longest; from += chunk) {
    for (const [input, records] of inputs.entries()) {
      await workThrough(runtime, input, records.slice(from, from + chunk))
      if (++chunks % chunksPerCommit !== 0) continue
      for (const state of runtime.states.values()) state.takeChanges()
    }
  }
  const events = inputs.reduce((sum, { length }) => sum + length, 0)
  return written > 0 ? spent() / events : Number.NaN
}

/** Takes records in and works through them, up to where a commit could follow. */
export async function workThrough(
  runtime: StageRuntime,
  input: number,
  records: readonly RawRecord[],
): Promise<void> {
  for (let at = 0; at < records.length; ) {
    at = runtime.acceptSource(input, records, at, null)
    await runtime.run()
  }
  runtime.flush()
}

/** A bare parse of the events runs so often in a second where the goals were set. */
const BARE_RATE = 780_000

/** What events per second that are wanted there are beside a bare parse. */
export function goalBesideParse(perSecond: number): Goal {
  return { column: 'ratio', kind: 'at least', value: perSecond / BARE_RATE }
}

/** Measures work over records beside a bare parse of them, in the same rounds. */
export async function measureBesideParse(
  name: string,
  records: readonly RawRecord[],
  work: Timed,
  rounds: number,
): Promise<{ readonly parse: Figure; readonly figure: Figure }> {
  const [bare = [], samples = []] = await measureRounds([() => timeParse(records), work], rounds)
  return { parse: perRecordFigure('bare parse', bare, bare), figure: perRecordFigure(name, samples, bare) }
}

const text = new TextDecoder()

/** Nanoseconds per record of JSON.parse alone. */
function timeParse(records: readonly RawRecord[]): number {
  const spent = startCpuClock()
  let objects = 0
  for (const { value } of records) if (JSON.parse(text.decode(value ?? undefined)) !== null) objects++
  return objects > 0 ? spent() / records.length : Number.NaN
}
