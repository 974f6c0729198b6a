import { decodeMessage } from '../codec/message.ts'
import type { RowCodec } from '../codec/row-codec.ts'
import { stageCodecs } from '../plan/cut-fields.ts'
import type { Program } from '../plan/program.ts'
import { type DeploymentPlan, type StagePlan, stageOf } from '../plan/stage-plan.ts'
import type { CommitPoint, StageRuntime } from '../stage/stage-runtime.ts'
import type { MemoryTopics } from './memory-topics.ts'

/** What the inputs of a driven task are made with. */
export interface TaskInputsOptions {
  readonly program: Program
  readonly plan: DeploymentPlan
  readonly stageId: string
  readonly task: number
  readonly topics: MemoryTopics
}

/** Next offsets by input name; `control` for the control topic, `repartition` for the inputs that share a topic. */
export type Offsets = ReadonlyMap<number | 'control' | 'repartition', number>

/** Reads the topics of a driven task and hands their records to its runtime. */
export class TaskInputs {
  readonly #options: TaskInputsOptions
  readonly #stage: StagePlan
  readonly #codecs: readonly RowCodec[]
  #offsets = new Map<number | 'control' | 'repartition', number>()

  constructor(options: TaskInputsOptions) {
    this.#options = options
    this.#stage = stageOf(options.plan, options.stageId)
    this.#codecs = stageCodecs(options.program, this.#stage)
  }

  /** How far the task has read. */
  get offsets(): Offsets {
    return new Map(this.#offsets)
  }

  /** Goes back to committed offsets. Reference tables are no state: they are read anew from the beginning. */
  restore(offsets: Offsets): void {
    this.#offsets = new Map(offsets)
    this.#stage.inputs.forEach((input, i) => {
      if (input.kind === 'reference') this.#offsets.delete(i)
    })
  }

  /** Takes up to `limit` records of every partition and works them through; returns the number of records. */
  async take(runtime: StageRuntime, limit: number, commitPoint: CommitPoint): Promise<number> {
    let taken = this.#takeReferences(runtime) + this.#takeControl(runtime)
    const work = () => runtime.run(commitPoint)
    for (const [i, input] of this.#stage.inputs.entries()) {
      if (input.kind !== 'source' || this.#options.task >= input.partitions) continue
      const records = this.#options.topics.source(input.nodeId, this.#options.task)
      taken += await this.#workThrough(i, records, limit, work, (batch) =>
        runtime.acceptSource(i, batch, 0, null),
      )
      const isRead = (this.#offsets.get(i) ?? 0) === records.length
      if (isRead && this.#isReadToEnd(input.nodeId)) runtime.markIdle(i)
    }
    const messages = this.#options.topics.repartition(this.#stage.id, this.#options.task)
    taken += await this.#workThrough('repartition', messages, limit, work, (batch) =>
      runtime.acceptMessages(
        batch.map((bytes) => decodeMessage(bytes, this.#codecs)),
        0,
      ),
    )
    await work()
    return taken
  }

  async #workThrough<T>(
    name: number | 'repartition',
    records: readonly T[],
    limit: number,
    work: () => Promise<void>,
    accept: (batch: readonly T[]) => number,
  ): Promise<number> {
    const start = this.#offsets.get(name) ?? 0
    const end = Math.min(records.length, start + limit)
    for (let at = start; at < end; ) {
      at += accept(records.slice(at, end))
      this.#offsets.set(name, at)
      await work()
    }
    return end - start
  }

  /** True for a source that is idle once it has been read. */
  #isReadToEnd(nodeId: string): boolean {
    const { node, runtime } = this.#options.program.node(nodeId)
    return runtime.role === 'topic-source' && runtime.time(node.config).untilRead === true
  }

  #takeReferences(runtime: StageRuntime): number {
    let taken = 0
    this.#stage.inputs.forEach((input, i) => {
      if (input.kind !== 'reference') return
      const records = this.#options.topics.source(input.nodeId, 0)
      const start = this.#offsets.get(i) ?? 0
      for (const record of records.slice(start)) runtime.acceptReference(i, record)
      this.#offsets.set(i, records.length)
      taken += records.length - start
    })
    return taken
  }

  #takeControl(runtime: StageRuntime): number {
    const entries = this.#options.topics.control(this.#stage.id)
    const start = this.#offsets.get('control') ?? 0
    for (const { input, task, ...progress } of entries.slice(start))
      runtime.hearControl(input, task, progress)
    this.#offsets.set('control', entries.length)
    return entries.length - start
  }
}
