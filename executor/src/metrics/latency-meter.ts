import { type LatencySketch, latencyBucket } from '@millrace/contracts'

/** Samples in one interval that are enough for a p99. */
const ENOUGH = 2_000

/** Latencies of one node: every one of them while they are few, a share of them when they are many. */
export class LatencyMeter {
  readonly #counts = new Map<number, number>()
  #offered = 0
  #stride = 1

  /** Takes a record's source timestamp, epoch ms, at the moment it is here. */
  offer(sourceTime: number): void {
    if (this.#offered++ % this.#stride !== 0) return
    const bucket = latencyBucket(Date.now() - sourceTime)
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1)
  }

  /** The sketch since the last call. */
  take(): LatencySketch {
    const sketch = [...this.#counts].sort(([a], [b]) => a - b)
    this.#counts.clear()
    this.#stride = Math.max(1, Math.ceil(this.#offered / ENOUGH))
    this.#offered = 0
    return sketch
  }
}
