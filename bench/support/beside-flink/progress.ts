import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds, heldMegabytes } from '../process-usage.ts'
import type { EngineJob } from './engine.ts'

/** What one run of a graph took. */
export interface Run {
  readonly eventsPerSecond: number
  /** Of the engine's processes and its helper. */
  readonly cpuPerMillion: number
  /** Cores that the engine kept busy, helper included: near to those it has, it was the limit. */
  readonly cores: number
  /** Most that the engine's processes held at once. */
  readonly megabytes: number
  /** The same of its helper; 0 where it has none. */
  readonly helperMegabytes: number
}

/** How far a job was at a moment. */
export interface Reading {
  readonly events: number
  /** Seconds, from any moment on. */
  readonly time: number
  readonly cpu: number
}

const LOOK_MS = 50
const STANDSTILL_MS = 120_000
/** The first quarter warms up. */
const WARM_UP = 0.25

/** Watches what a job commits and takes. */
export class ProgressWatch {
  readonly #job: EngineJob
  readonly #total: number
  /** Those at which something new was committed. */
  readonly #readings: Reading[] = []
  #megabytes = 0
  #helperMegabytes = 0

  /** @param total records of input */
  constructor(job: EngineJob, total: number) {
    this.#job = job
    this.#total = total
  }

  /** Watches until all input is committed; throws where the job fails or stands still. */
  async untilRead(): Promise<void> {
    for (let changed = performance.now(); this.#done < this.#total; ) {
      if (await this.#look()) changed = performance.now()
      if (performance.now() - changed > STANDSTILL_MS) {
        throw new Error(
          `nothing was committed for ${STANDSTILL_MS / 1000} s, at ${this.#done} of ${this.#total} events`,
        )
      }
      await sleep(LOOK_MS)
    }
  }

  /** What the job took; `end` is where its work was over, if that was later than its last commit of input. */
  run(end: Reading | null): Run {
    const { from, to } = measuredStretch(this.#readings, this.#total, end)
    const [events, seconds, cpu] = [to.events - from.events, to.time - from.time, to.cpu - from.cpu]
    return {
      eventsPerSecond: events / seconds,
      cpuPerMillion: (cpu / events) * 1e6,
      cores: cpu / seconds,
      megabytes: this.#megabytes,
      helperMegabytes: this.#helperMegabytes,
    }
  }

  /** The state of the job now, with so many events done. */
  read(events: number): Reading {
    const { pids, helperPids } = this.#job
    return { events, time: performance.now() / 1000, cpu: sum([...pids, ...helperPids], cpuSeconds) }
  }

  get #done(): number {
    return this.#readings.at(-1)?.events ?? 0
  }

  async #look(): Promise<boolean> {
    const { pids, helperPids } = this.#job
    const events = await this.#job.committed()
    this.#megabytes = Math.max(this.#megabytes, sum(pids, heldMegabytes))
    this.#helperMegabytes = Math.max(this.#helperMegabytes, sum(helperPids, heldMegabytes))
    if (events <= this.#done) return false
    this.#readings.push(this.read(events))
    return true
  }
}

/**
 * The stretch that is measured: from the first commit beyond the first quarter to the last commit before the end. From
 * commit to commit, since an engine that commits every two seconds would otherwise wait for one at the end. Where there
 * are less than two such commits, or the work was over later than its input, it is to the end.
 *
 * @param end null where the work was over with the last commit of input
 */
export function measuredStretch(
  readings: readonly Reading[],
  total: number,
  end: Reading | null,
): { readonly from: Reading; readonly to: Reading } {
  const within = readings.filter(({ events }) => events >= WARM_UP * total && events < total)
  const last = end ?? readings.at(-1)
  const from = within[0] ?? readings[0]
  const to = end === null && within.length > 1 ? within.at(-1) : last
  if (from === undefined || to === undefined || to.events <= from.events) {
    throw new Error('too few commits were seen: more events are needed')
  }
  return { from, to }
}

function sum(pids: readonly number[], ofOne: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + ofOne(pid), 0)
}
