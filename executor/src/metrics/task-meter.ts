import type { CommitMetrics, InputMetrics, LiveSample, NodeMetrics, TaskMetrics } from '@millrace/contracts'
import { type Counters, newCounters, type Probe, type Program, type StreamRecord } from '@millrace/engine'
import type { CommitResult } from '../task/committer.ts'
import { EventSampler } from './event-sampler.ts'
import { LatencyMeter } from './latency-meter.ts'

/** What a task knows of its nodes as of the last commit. */
export interface NodeFacts {
  readonly counters: ReadonlyMap<string, Readonly<Counters>>
  /** By node id, epoch ms; may be infinite. */
  readonly watermarks: ReadonlyMap<string, number>
}

/** Measures one task. */
export class TaskMeter implements Probe {
  /** Nodes that are measured elsewhere: documents count when they are delivered. */
  readonly #elsewhere: ReadonlySet<string>
  readonly #latencies = new Map<string, LatencyMeter>()
  #facts: NodeFacts = { counters: new Map(), watermarks: new Map() }
  #commits = { count: 0, ms: 0, bytes: 0 }
  /** Null while nobody looks at single events. */
  #sampler: EventSampler | null = null

  constructor(measuredElsewhere: ReadonlySet<string> = new Set()) {
    this.#elsewhere = measuredElsewhere
  }

  into(nodeId: string, record: StreamRecord, input: number): void {
    if (this.#sampler !== null) this.#sampler.offer(nodeId, 'in', input, record)
    if (!this.#elsewhere.has(nodeId)) this.arrived(nodeId, record.sourceTime)
  }

  out(nodeId: string, port: number, record: StreamRecord): void {
    if (this.#sampler !== null) this.#sampler.offer(nodeId, 'out', port, record)
  }

  dropped(nodeId: string, record: StreamRecord, cause: string, input: number): void {
    if (this.#sampler !== null) this.#sampler.offer(nodeId, 'dropped', input, record, cause)
  }

  /** A few events of these nodes since the last call; from now on of these, and of none where there are none. */
  sample(program: Program, watched: ReadonlySet<string>): readonly LiveSample[] {
    const taken = this.#sampler?.take() ?? []
    if (watched.size === 0) this.#sampler = null
    else if (this.#sampler === null) this.#sampler = new EventSampler(program, watched)
    else this.#sampler.watched = watched
    return taken
  }

  /** Notes the latency of something that is done at a node. */
  arrived(nodeId: string, sourceTime: number): void {
    let latency = this.#latencies.get(nodeId)
    if (latency === undefined) {
      latency = new LatencyMeter()
      this.#latencies.set(nodeId, latency)
    }
    latency.offer(sourceTime)
  }

  /** Notes a commit and the facts that it made true. */
  committed({ ms, bytes }: CommitResult, facts: NodeFacts): void {
    this.#facts = facts
    this.#commits.count++
    this.#commits.ms += ms
    this.#commits.bytes += bytes
  }

  /** Everything since the last call. */
  take(
    task: Pick<TaskMetrics, 'stage' | 'partition' | 'state'>,
    inputs: readonly InputMetrics[],
  ): TaskMetrics {
    const commits: CommitMetrics = this.#commits
    this.#commits = { count: 0, ms: 0, bytes: 0 }
    const ids = new Set([...this.#facts.counters.keys(), ...this.#latencies.keys()])
    return { ...task, nodes: [...ids].map((nodeId) => this.#node(nodeId)), inputs, commits }
  }

  #node(nodeId: string): NodeMetrics {
    const counters = this.#facts.counters.get(nodeId) ?? newCounters()
    const watermark = this.#facts.watermarks.get(nodeId)
    return {
      nodeId,
      ...counters,
      watermark: watermark === undefined || !Number.isFinite(watermark) ? null : watermark,
      latency: this.#latencies.get(nodeId)?.take() ?? [],
    }
  }
}
