import { encodeRow, encodeWatermark } from '../codec/message.ts'
import { createRowCodec, type RowCodec } from '../codec/row-codec.ts'
import { partitionOfKey } from '../murmur2.ts'
import type { OutboxDocument, TopicMessage } from '../operator.ts'
import { cutFields } from '../plan/cut-fields.ts'
import type { Program } from '../plan/program.ts'
import { type DeploymentPlan, type PlannedCut, type StagePlan, stageOf } from '../plan/stage-plan.ts'
import type { DeadLetter, StreamRecord } from '../record.ts'
import type { StageOutput } from '../stage/stage-output.ts'
import type { StageRuntime } from '../stage/stage-runtime.ts'
import type { MemoryTopics } from './memory-topics.ts'

/** What sinks and dead letters received from committed work. */
export interface Results {
  readonly messages: { readonly nodeId: string; readonly message: TopicMessage; readonly time: number }[]
  readonly documents: { readonly nodeId: string; readonly document: OutboxDocument }[]
  readonly deadLetters: DeadLetter[]
}

/** What the output of a driven task is made with. */
export interface PendingOutputOptions {
  readonly program: Program
  readonly plan: DeploymentPlan
  readonly stageId: string
  readonly task: number
  readonly topics: MemoryTopics
  /** Commits become visible here. */
  readonly results: Results
}

interface Crossing {
  readonly cut: PlannedCut
  readonly key: string | null
  readonly record: StreamRecord
}

const utf8 = new TextEncoder()

/** What a driven task has written since its last commit. */
export class PendingOutput implements StageOutput {
  readonly #options: PendingOutputOptions
  readonly #stage: StagePlan
  readonly #cutCodecs: ReadonlyMap<PlannedCut, RowCodec>
  #results = noResults()
  #crossings: Crossing[] = []
  #said: string | null = null

  constructor(options: PendingOutputOptions) {
    const { plan, program, stageId } = options
    this.#options = options
    this.#stage = stageOf(plan, stageId)
    this.#cutCodecs = new Map(
      this.#stage.cuts.map((cut) => [
        cut,
        createRowCodec(cutFields(program, stageOf(plan, cut.stage), cut.input)),
      ]),
    )
  }

  repartition(cut: PlannedCut, key: string | null, record: StreamRecord): void {
    this.#crossings.push({ cut, key, record })
  }

  topic(nodeId: string, message: TopicMessage, { time }: StreamRecord): void {
    this.#results.messages.push({ nodeId, message, time })
  }

  outbox(nodeId: string, document: OutboxDocument): void {
    this.#results.documents.push({ nodeId, document })
  }

  deadLetter(letter: DeadLetter): void {
    this.#results.deadLetters.push(letter)
  }

  /** Drops what was not committed; the next commit announces the task's progress anew. */
  drop(): void {
    this.#results = noResults()
    this.#crossings = []
    this.#said = null
  }

  /** Makes everything visible, rows before the watermarks that vouch for them. */
  commit(runtime: StageRuntime): void {
    this.#writeCrossings()
    this.#announce(runtime)
    const { results } = this.#options
    for (const message of this.#results.messages) results.messages.push(message)
    for (const document of this.#results.documents) results.documents.push(document)
    for (const letter of this.#results.deadLetters) results.deadLetters.push(letter)
    this.#results = noResults()
  }

  #writeCrossings(): void {
    const { plan, topics, task } = this.#options
    for (const { cut, key, record } of this.#crossings) {
      const { tasks } = stageOf(plan, cut.stage)
      const partition = key === null ? task % tasks : partitionOfKey(utf8.encode(key), tasks)
      const codec = this.#cutCodecs.get(cut) as RowCodec
      topics.repartition(cut.stage, partition).push(encodeRow(cut.input, record, codec))
    }
    this.#crossings = []
  }

  /** Once after each start, then when something changed (exactly-once.md P6). */
  #announce(runtime: StageRuntime): void {
    const { plan, topics, task } = this.#options
    const cuts = runtime.cutProgress()
    const sources = this.#stage.control ? runtime.sourceProgress() : []
    const said = JSON.stringify([cuts.map(({ progress }) => progress), sources])
    if (said === this.#said) return
    this.#said = said
    for (const { cut, progress } of cuts) {
      const message = encodeWatermark({ input: cut.input, stage: runtime.voucherOf(cut), task, ...progress })
      for (let i = 0; i < stageOf(plan, cut.stage).tasks; i++) topics.repartition(cut.stage, i).push(message)
    }
    for (const { input, progress } of sources) {
      topics.control(this.#stage.id).push({ input, task, ...progress })
    }
  }
}

function noResults(): Results {
  return { messages: [], documents: [], deadLetters: [] }
}
