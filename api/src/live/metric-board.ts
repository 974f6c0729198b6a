import { type MetricBatch, REPORT_TIMEOUT_MS, type TaskMetrics } from '@millrace/contracts'

/** Totals of a task that says nothing are kept for this long. */
const FORGET_MS = 10 * 60_000

/** The newest that is known of a task, and what was known before it. */
export interface TaskSample {
  readonly generation: number
  readonly executor: string
  /** Epoch ms. */
  readonly at: number
  /** Time that the batch covers, ms. */
  readonly interval: number
  readonly task: TaskMetrics
  /** By node id: records per second of each count since the sample before; empty while there is none. */
  readonly rates: ReadonlyMap<string, NodeRates>
}

/** Records per second. */
export interface NodeRates {
  readonly in: number
  readonly out: number
  readonly late: number
  readonly errors: number
}

/** Keeps the newest metrics of each task of each deployment. Times are arguments. */
export class MetricBoard {
  readonly #deployments: Map<string, Map<string, TaskSample>>

  constructor() {
    this.#deployments = new Map()
  }

  /** Takes a batch; one that is older than what is known of a task changes nothing of it. */
  accept({ deployment, generation, executor, at, interval, tasks }: MetricBatch): void {
    const known = this.#deployments.get(deployment) ?? new Map<string, TaskSample>()
    this.#deployments.set(deployment, known)
    for (const task of tasks) {
      const key = `${task.stage}/${task.partition}`
      const before = known.get(key)
      if (before && (before.at >= at || before.generation > generation)) continue
      known.set(key, { generation, executor, at, interval, task, rates: ratesSince(before, task, at) })
    }
  }

  /**
   * The samples that mean something now: of every task of the newest generation, and of older ones only those that
   * still report.
   */
  samples(deployment: string, now: number): TaskSample[] {
    const known = this.#deployments.get(deployment)
    if (known === undefined) return []
    this.#forgetOld(deployment, known, now)
    const all = [...known.values()]
    const newest = Math.max(...all.map(({ generation }) => generation))
    return all.filter((sample) => sample.generation === newest || isFresh(sample, now))
  }

  /** Ids of the deployments of which something was heard lately. */
  active(now: number): string[] {
    return [...this.#deployments].flatMap(([id, known]) =>
      [...known.values()].some((sample) => isFresh(sample, now)) ? [id] : [],
    )
  }

  #forgetOld(deployment: string, known: Map<string, TaskSample>, now: number): void {
    for (const [key, { at }] of known) if (now - at > FORGET_MS) known.delete(key)
    if (known.size === 0) this.#deployments.delete(deployment)
  }
}

/** True while a sample says what is the case now, and not only what was. */
export function isFresh({ at }: Pick<TaskSample, 'at'>, now: number): boolean {
  return now - at < REPORT_TIMEOUT_MS
}

const NAMES = ['in', 'out', 'late', 'errors'] as const

function ratesSince(
  before: TaskSample | undefined,
  { nodes }: TaskMetrics,
  at: number,
): ReadonlyMap<string, NodeRates> {
  if (before === undefined) return new Map()
  const seconds = (at - before.at) / 1_000
  const earlier = new Map(before.task.nodes.map((node) => [node.nodeId, node]))
  return new Map(
    nodes.map((node) => {
      const known = earlier.get(node.nodeId)
      // Totals that went down began anew: their first sample has no rate.
      const rates = NAMES.map((name) => [
        name,
        Math.max(0, node[name] - (known?.[name] ?? node[name])) / seconds,
      ])
      return [node.nodeId, Object.fromEntries(rates) as unknown as NodeRates]
    }),
  )
}
