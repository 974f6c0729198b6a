import type { InputPosition } from './position.ts'

/** Why an input is not read; null while it is. */
export type PauseReason = 'back_pressure' | 'draining' | 'ahead' | null

/** What a cursor is made with. */
export interface InputCursorOptions {
  /**
   * Name in the position record: `source:<node>`, `reference:<node>/<partition>`, `repartition`, `control`, `outbox`.
   */
  readonly name: string
  readonly kind: InputKind
  /** Index among the stage's inputs; −1 for the control topic, an outbox, and the repartition topic as a whole. */
  readonly input: number
  /** The node it belongs to, for metrics and messages. */
  readonly nodeId: string
  readonly position: InputPosition
}

/** The kinds of inputs of a task. */
export type InputKind = 'source' | 'generator' | 'reference' | 'repartition' | 'control' | 'outbox'

/** One partition that a task reads: how far it has been fetched, and how far it has been worked through. */
export class InputCursor {
  readonly name: string
  readonly kind: InputKind
  readonly input: number
  readonly nodeId: string
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  /** For a generator: event time of its first event. */
  readonly start: number | undefined
  /** Next offset to fetch. */
  next: number
  /** Offset up to which everything is done: what the position record says. */
  done: number
  /** What the last commit said. */
  committed: number
  /** Of the last fetch; −1 before the first. */
  lastStable = -1
  highWatermark = -1
  logStart = -1
  /** Last stable offset as it was asked for while nothing was fetched: says what waits, and nothing else. */
  end = -1
  paused: PauseReason = null

  constructor({ name, kind, input, nodeId, position }: InputCursorOptions) {
    this.name = name
    this.kind = kind
    this.input = input
    this.nodeId = nodeId
    this.topic = position.topic
    this.topicId = position.topicId
    this.partition = position.partition
    this.start = position.start
    this.next = position.next
    this.done = position.next
    this.committed = position.next
  }

  /** What is still to be done of what can be read. */
  get lag(): number {
    return Math.max(0, Math.max(this.lastStable, this.end) - this.done)
  }

  /** True when everything that exists has been worked through and nothing is undecided. */
  get atEnd(): boolean {
    return this.lastStable >= 0 && this.done >= this.lastStable && this.lastStable === this.highWatermark
  }

  /** As it stands in the position record. */
  get position(): InputPosition {
    const { topic, topicId, partition, done, start } = this
    return { topic, topicId, partition, next: done, ...(start !== undefined && { start }) }
  }
}
