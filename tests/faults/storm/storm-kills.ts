import { type ExecutorHeartbeat, redisKeys } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { waitFor } from '../../support/wait-for.ts'

/** What dies: one worker process, a whole executor, an executor at a fail point, or Redis' memory and an executor. */
export type KillKind = 'worker' | 'executor' | 'fail-point' | 'flush'

const FAIL_POINTS = [
  'before-produce',
  'after-produce',
  'after-offsets',
  'end-sent',
  'after-commit',
  'mid-restore',
] as const
const SLOTS = 2
const DEADLINE_MS = 120_000

/** Two executors of which one after the other dies, in ways that a seed decides. */
export class StormKills {
  readonly #redis: Redis
  readonly #url: string
  readonly #random: () => number
  readonly #desired: () => Promise<void>
  readonly #slots: ExecutorProcess[] = []
  #started = 0

  /** `desired` writes again what should run. */
  constructor(redis: Redis, url: string, random: () => number, desired: () => Promise<void>) {
    this.#redis = redis
    this.#url = url
    this.#random = random
    this.#desired = desired
  }

  /** Starts the executors. */
  start(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.#slots[slot] = this.#executor()
  }

  /** Kills something, and starts what replaces it. Gives what was killed, once it is dead. */
  async next(): Promise<KillKind> {
    const kinds: readonly KillKind[] = ['worker', 'executor', 'fail-point', 'fail-point', 'flush']
    const kind = kinds[Math.floor(this.#random() * kinds.length)] as KillKind
    const slot = Math.floor(this.#random() * SLOTS)
    if (kind === 'worker') await this.#killWorker(slot)
    else if (kind === 'fail-point') await this.#dieAtFailPoint(slot)
    else await this.#killExecutor(slot, kind === 'flush')
    return kind
  }

  /** Kills everything that is left. */
  async end(): Promise<void> {
    await Promise.all(this.#slots.map((executor) => executor.kill()))
  }

  /** The end of what every executor has printed. */
  lastWords(): string {
    return this.#slots.map(({ id, output }) => `── ${id}\n${output.slice(-1_500)}`).join('\n')
  }

  #executor(failPoint?: string): ExecutorProcess {
    const armed = failPoint === undefined ? {} : { MILLRACE_FAILPOINT: failPoint }
    return ExecutorProcess.start(`storm-${++this.#started}`, this.#url, armed)
  }

  async #killWorker(slot: number): Promise<void> {
    const { id } = this.#slots[slot] as ExecutorProcess
    const pid = await waitFor(
      `${id} has a worker`,
      async () => {
        const text = await this.#redis.hget(redisKeys.executors, id)
        return (JSON.parse(text ?? '{"workers":[]}') as ExecutorHeartbeat).workers[0]?.pid
      },
      DEADLINE_MS,
    )
    process.kill(pid, 'SIGKILL')
  }

  async #killExecutor(slot: number, flush: boolean): Promise<void> {
    if (flush) await this.#flush()
    await this.#slots[slot]?.kill()
    this.#slots[slot] = this.#executor()
  }

  async #restart(slot: number): Promise<void> {
    await this.#slots[slot]?.kill()
    await this.#flush()
    this.#slots[slot] = this.#executor()
  }

  async #flush(): Promise<void> {
    await this.#redis.flushall()
    await this.#desired()
  }

  /** The new one takes its share, and dies at the point when it comes there. */
  async #dieAtFailPoint(slot: number): Promise<void> {
    const point = FAIL_POINTS[Math.floor(this.#random() * FAIL_POINTS.length)]
    const restores = point === 'mid-restore'
    const times = restores ? 1 : 1 + Math.floor(this.#random() * 20)
    await this.#slots[slot]?.kill()
    const armed = this.#executor(`${point}#${times}`)
    this.#slots[slot] = armed
    // Only a state whose copy is lost is read from the changelog: by everybody, so that the armed one has its share.
    if (restores) await this.#restart(1 - slot)
    await waitFor(`${armed.id} dies at ${point}#${times}`, () => !armed.alive, DEADLINE_MS)
    this.#slots[slot] = this.#executor()
  }
}
