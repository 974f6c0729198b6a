import type { MetricBatch } from '@millrace/contracts'

/** How far the source partitions of a pipeline are, wherever their tasks run. */
export interface DriftView {
  /** The least watermark of the partitions that are not idle, epoch ms; null where nothing is known of any. */
  slowest(deployment: string, generation: number): number | null
}

/** What is older says nothing any more: its task may have ended. */
const FRESH_MS = 5_000
/** Nobody who was not asked for so long needs to know. */
const ASKED_MS = 10_000

interface PartitionFact {
  readonly watermark: number | null
  readonly idle: boolean
  readonly at: number
}

interface Pipeline {
  readonly generation: number
  /** By node and partition. */
  readonly partitions: Map<string, PartitionFact>
}

/** Keeps what metric frames say of source partitions. Partitions without a watermark hold nobody up. */
export class DriftBoard implements DriftView {
  readonly #now: () => number
  readonly #pipelines = new Map<string, Pipeline>()
  #askedAt = Number.NEGATIVE_INFINITY

  /** `now`: a clock in ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** True where somebody has asked lately. */
  get isWanted(): boolean {
    return this.#now() - this.#askedAt < ASKED_MS
  }

  /** Takes a frame; those of an older generation than one that is known say nothing. */
  note({ deployment, generation, tasks }: MetricBatch): void {
    let pipeline = this.#pipelines.get(deployment)
    if (pipeline === undefined || pipeline.generation < generation) {
      pipeline = { generation, partitions: new Map() }
      this.#pipelines.set(deployment, pipeline)
    }
    if (pipeline.generation > generation) return
    const at = this.#now()
    for (const { nodeId, kind, partition, watermark, idle } of tasks.flatMap(({ inputs }) => inputs)) {
      if (kind === 'source') pipeline.partitions.set(`${nodeId}/${partition}`, { watermark, idle, at })
    }
  }

  slowest(deployment: string, generation: number): number | null {
    this.#askedAt = this.#now()
    const pipeline = this.#pipelines.get(deployment)
    if (pipeline?.generation !== generation) return null
    const fresh = this.#askedAt - FRESH_MS
    const known = [...pipeline.partitions.values()].flatMap(({ watermark, idle, at }) =>
      idle || watermark === null || at < fresh ? [] : [watermark],
    )
    return known.length === 0 ? null : Math.min(...known)
  }
}
