/** Everything one executor measured about one deployment in about a second. Lossy: totals are exact, batches may be missed. */
export interface MetricBatch {
  readonly deployment: string
  readonly generation: number
  readonly executor: string
  /** Epoch ms. */
  readonly at: number
  /** Time since the batch before, ms. */
  readonly interval: number
  readonly tasks: readonly TaskMetrics[]
}

/** One task in one interval. */
export interface TaskMetrics {
  /** Stage id; `deliveryStage(node)` for a delivery task. */
  readonly stage: string
  readonly partition: number
  readonly nodes: readonly NodeMetrics[]
  readonly inputs: readonly InputMetrics[]
  readonly commits: CommitMetrics
  readonly state: { readonly rows: number }
}

/** One node in one task. The counts are totals since the node's state began, as committed: exact. */
export interface NodeMetrics {
  readonly nodeId: string
  readonly in: number
  readonly out: number
  readonly filtered: number
  readonly late: number
  readonly errors: number
  /** Epoch ms; null: none yet, or the node looks at no time. */
  readonly watermark: number | null
  /** Time from the source record's timestamp to this node, ms, in this interval. */
  readonly latency: LatencySketch
}

/** One partition of a source or internal topic. */
export interface InputMetrics {
  /** Source, reference or reading node. */
  readonly nodeId: string
  readonly kind: 'source' | 'reference' | 'repartition' | 'outbox'
  readonly partition: number
  /** Records between position and last stable offset. */
  readonly lag: number
  readonly watermark: number | null
  readonly idle: boolean
  /** Why nothing is read; null while reading. `ahead`: of the slowest partition of the pipeline. */
  readonly paused: 'back_pressure' | 'draining' | 'waiting' | 'ahead' | null
}

/** Commits of a task in the interval. */
export interface CommitMetrics {
  readonly count: number
  /** Sum over the commits, ms and bytes. */
  readonly ms: number
  readonly bytes: number
}

/**
 * Latencies as counts per logarithmic bucket: value ms falls into bucket ceil(log(ms) / log(1.05)), so quantiles are
 * right within 5 %. Sketches are merged by adding counts. Source: C. Masson et al., "DDSketch", 2019.
 */
export type LatencySketch = readonly (readonly [bucket: number, count: number])[]

const GAMMA_LOG = Math.log(1.05)

/** The bucket of a latency in ms; everything below 1 ms is bucket 0. */
export function latencyBucket(ms: number): number {
  return ms <= 1 ? 0 : Math.ceil(Math.log(ms) / GAMMA_LOG)
}

/** Adds up sketches. */
export function mergeSketches(sketches: Iterable<LatencySketch>): LatencySketch {
  const counts = new Map<number, number>()
  for (const sketch of sketches)
    for (const [bucket, count] of sketch) counts.set(bucket, (counts.get(bucket) ?? 0) + count)
  return [...counts].sort(([a], [b]) => a - b)
}

/** The latency in ms below which the given share (0 to 1) of a merged sketch lies; null for an empty one. */
export function quantile(sketch: LatencySketch, share: number): number | null {
  const total = sketch.reduce((sum, [, count]) => sum + count, 0)
  let seen = 0
  for (const [bucket, count] of sketch) {
    seen += count
    if (seen >= share * total) return Math.exp((bucket - 0.5) * GAMMA_LOG)
  }
  return null
}
