import { decodeMessage, encodeRow, encodeWatermark } from '../codec/message.ts'
import { createRowCodec, type RowCodec } from '../codec/row-codec.ts'
import { decodeStateTimer } from '../codec/state-codec.ts'
import { partitionOfKey } from '../murmur2.ts'
import type { OutboxDocument, TopicMessage } from '../operator.ts'
import { cutFields, stageCodecs } from '../plan/cut-fields.ts'
import type { Program } from '../plan/program.ts'
import { type DeploymentPlan, type PlannedCut, type StagePlan, stageOf } from '../plan/stage-plan.ts'
import type { DeadLetter, StreamRecord } from '../record.ts'
import type { StageProgress } from '../stage/progress.ts'
import type { Probe, StageOutput } from '../stage/stage-output.ts'
import { StageRuntime } from '../stage/stage-runtime.ts'
import { parseStateKey } from '../state/state-key.ts'
import type { MemoryTopics } from './memory-topics.ts'

/** What a driver's task is made with. */
export interface MemoryTaskOptions {
  readonly program: Program
  readonly plan: DeploymentPlan
  readonly stageId: string
  readonly task: number
  readonly topics: MemoryTopics
  /** Fetch state rows as they are needed, instead of restoring all of them. */
  readonly lazy: boolean
  readonly probe?: Probe
  readonly generatorStart?: number
  /** Commits become visible here. */
  readonly results: Results
}

/** What sinks and dead letters received from committed work. */
export interface Results {
  readonly messages: { readonly nodeId: string; readonly message: TopicMessage; readonly time: number }[]
  readonly documents: { readonly nodeId: string; readonly document: OutboxDocument }[]
  readonly deadLetters: DeadLetter[]
}

interface Crossing {
  readonly cut: PlannedCut
  readonly key: string | null
  readonly record: StreamRecord
}

interface Committed {
  readonly state: Map<string, Uint8Array>
  /** JSON, as in a `position` record. */
  progress: string | null
  /** By input index; `control` for the control topic. */
  offsets: ReadonlyMap<number | 'control', number>
}

/** One task of a driven deployment: what the executor does with Kafka and Redis, over lists in memory. */
export class MemoryTask {
  readonly #options: MemoryTaskOptions
  readonly #stage: StagePlan
  readonly #codecs: readonly RowCodec[]
  readonly #cutCodecs: ReadonlyMap<PlannedCut, RowCodec>
  readonly #committed: Committed = { state: new Map(), progress: null, offsets: new Map() }
  #offsets = new Map<number | 'control', number>()
  #pending = emptyResults()
  #crossings: Crossing[] = []
  #announced: string | null = null
  #runtime: StageRuntime

  constructor(options: MemoryTaskOptions) {
    const { plan, program } = options
    this.#options = options
    this.#stage = stageOf(plan, options.stageId)
    this.#codecs = stageCodecs(program, this.#stage)
    this.#cutCodecs = new Map(
      this.#stage.cuts.map((cut) => [
        cut,
        createRowCodec(cutFields(program, stageOf(plan, cut.stage), cut.input)),
      ]),
    )
    this.#runtime = this.#restore()
  }

  /** The runtime at work; a crash replaces it. */
  get runtime(): StageRuntime {
    return this.#runtime
  }

  /** Forgets everything since the last commit and starts over from it. */
  crash(): void {
    this.#runtime = this.#restore()
  }

  /** Takes up to `limit` records of every input and works them through; true where there was something. */
  async step(limit: number): Promise<boolean> {
    let taken = 0
    this.#stage.inputs.forEach((input, i) => {
      if (input.kind === 'reference') taken += this.#takeReferences(input.nodeId, i)
    })
    taken += this.#takeControl()
    for (const [i, input] of this.#stage.inputs.entries()) {
      if (input.kind === 'source')
        taken += await this.#take(i, limit, (from, to) => this.#acceptSource(input.nodeId, i, from, to))
    }
    const first = this.#stage.inputs.findIndex(({ kind }) => kind === 'repartition')
    if (first >= 0) taken += await this.#take(first, limit, (from, to) => this.#acceptMessages(from, to))
    await this.#runtime.run(() => this.commit())
    return taken > 0
  }

  /** Commits results, state, progress and offsets in one. */
  async commit(): Promise<void> {
    this.#runtime.flush()
    this.#writeCrossings()
    this.#announce()
    for (const state of this.#runtime.states.values()) {
      for (const { stateKey, value } of state.takeChanges()) {
        if (value === null) this.#committed.state.delete(stateKey)
        else this.#committed.state.set(stateKey, value)
      }
    }
    this.#committed.progress = JSON.stringify(this.#runtime.progress())
    this.#committed.offsets = new Map(this.#offsets)
    const { results } = this.#options
    results.messages.push(...this.#pending.messages)
    results.documents.push(...this.#pending.documents)
    results.deadLetters.push(...this.#pending.deadLetters)
    this.#pending = emptyResults()
  }

  /** Number of committed state rows. */
  get stateRows(): number {
    return this.#committed.state.size
  }

  #restore(): StageRuntime {
    this.#pending = emptyResults()
    this.#crossings = []
    this.#announced = null
    this.#offsets = new Map(this.#committed.offsets)
    const { program, plan, stageId, task, lazy, probe, generatorStart } = this.#options
    const fetchRows = async (keys: readonly string[]) =>
      keys.map((key) => this.#committed.state.get(key) ?? null)
    const runtime = new StageRuntime({
      ...{ program, plan, stageId, task, probe, generatorStart },
      births: {},
      fetchRows: lazy ? fetchRows : null,
      output: this.#output(),
    })
    for (const [stateKey, value] of this.#committed.state) restoreRow(runtime, stateKey, value, lazy)
    if (this.#committed.progress !== null)
      runtime.restore(JSON.parse(this.#committed.progress) as StageProgress)
    // Reference tables are no state: they are read anew from the beginning.
    this.#stage.inputs.forEach((input, i) => {
      if (input.kind === 'reference') this.#offsets.delete(i)
    })
    return runtime
  }

  #output(): StageOutput {
    return {
      repartition: (cut, key, record) => this.#crossings.push({ cut, key, record }),
      topic: (nodeId, message, { time }) => this.#pending.messages.push({ nodeId, message, time }),
      outbox: (nodeId, document) => this.#pending.documents.push({ nodeId, document }),
      deadLetter: (letter) => this.#pending.deadLetters.push(letter),
    }
  }

  async #take(input: number, limit: number, accept: (from: number, to: number) => number): Promise<number> {
    const start = this.#offsets.get(input) ?? 0
    const end = start + limit
    let at = start
    for (;;) {
      const next = accept(at, end)
      this.#offsets.set(input, next)
      if (next === at || next >= end) return next - start
      at = next
      await this.#runtime.run(() => this.commit())
    }
  }

  #acceptSource(nodeId: string, input: number, from: number, to: number): number {
    const { topics, task } = this.#options
    const records = topics.source(nodeId, task)
    const planned = this.#stage.inputs[input]
    if (planned?.kind === 'source' && task >= planned.partitions) return from
    return from + this.#runtime.acceptSource(input, records.slice(from, to), 0, null)
  }

  #acceptMessages(from: number, to: number): number {
    const { topics, task } = this.#options
    const messages = topics.repartition(this.#stage.id, task).slice(from, to)
    return (
      from +
      this.#runtime.acceptMessages(
        messages.map((bytes) => decodeMessage(bytes, this.#codecs)),
        0,
      )
    )
  }

  #takeReferences(nodeId: string, input: number): number {
    const start = this.#offsets.get(input) ?? 0
    const records = this.#options.topics.source(nodeId, 0)
    for (const record of records.slice(start)) this.#runtime.acceptReference(input, record)
    this.#offsets.set(input, records.length)
    return records.length - start
  }

  #takeControl(): number {
    const start = this.#offsets.get('control') ?? 0
    const entries = this.#options.topics.control(this.#stage.id)
    for (const { input, task, ...progress } of entries.slice(start))
      this.#runtime.hearControl(input, task, progress)
    this.#offsets.set('control', entries.length)
    return entries.length - start
  }

  #writeCrossings(): void {
    const { plan, topics, task } = this.#options
    for (const { cut, key, record } of this.#crossings) {
      const { tasks } = stageOf(plan, cut.stage)
      const partition = key === null ? task % tasks : partitionOfKey(new TextEncoder().encode(key), tasks)
      const codec = this.#cutCodecs.get(cut) as RowCodec
      topics.repartition(cut.stage, partition).push(encodeRow(cut.input, record, codec))
    }
    this.#crossings = []
  }

  /** Once after each start, then when something changed (exactly-once.md P6). */
  #announce(): void {
    const { plan, topics, task } = this.#options
    const cuts = this.#runtime.cutProgress()
    const sources = this.#stage.control ? this.#runtime.sourceProgress() : []
    const said = JSON.stringify([cuts.map(({ progress }) => progress), sources])
    if (said === this.#announced) return
    this.#announced = said
    for (const { cut, progress } of cuts) {
      const message = encodeWatermark({ input: cut.input, stage: this.#stage.id, task, ...progress })
      for (let i = 0; i < stageOf(plan, cut.stage).tasks; i++) topics.repartition(cut.stage, i).push(message)
    }
    for (const { input, progress } of sources) {
      topics.control(this.#stage.id).push({ input, task, ...progress })
    }
  }
}

function restoreRow(runtime: StageRuntime, stateKey: string, value: Uint8Array, lazy: boolean): void {
  const parsed = parseStateKey(stateKey)
  const state = parsed && runtime.states.get(parsed.nodeId)
  if (!parsed || !state) throw new Error(`state key ${stateKey} belongs to no node`)
  if (!lazy) {
    state.restore(parsed.name, value, true)
    return
  }
  const time = decodeStateTimer(value)
  if (time !== undefined) state.restoreTimer({ time, name: parsed.name })
}

function emptyResults(): Results {
  return { messages: [], documents: [], deadLetters: [] }
}
