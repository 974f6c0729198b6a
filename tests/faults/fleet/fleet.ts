import type { DeploymentSpec, TaskReport } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { spreadEvenly } from '../../support/task-lives.ts'

const DEADLINE_MS = 180_000
const WORDS = 1_500

/** Executors that come and go. */
export class Fleet {
  readonly #redis: Redis
  readonly #url: string
  readonly #alive = new Map<string, ExecutorProcess>()
  readonly #all: ExecutorProcess[] = []

  constructor(redis: Redis, url: string) {
    this.#redis = redis
    this.#url = url
  }

  /** Names of those that are alive and were not told to end. */
  get ids(): readonly string[] {
    return [...this.#alive.keys()]
  }

  /** Starts one; a name may come again once its last bearer has ended. */
  join(id: string): void {
    const executor = ExecutorProcess.start(id, this.#url, { MILLRACE_LOG_LEVEL: 'info' })
    this.#alive.set(id, executor)
    this.#all.push(executor)
  }

  /** SIGTERM; gives the exit code once it has ended. */
  leave(id: string): Promise<number | null> {
    return this.#drop(id).stop()
  }

  /** SIGKILL: nothing is handed over. */
  kill(id: string): Promise<void> {
    return this.#drop(id).kill()
  }

  /** SIGKILL to one that was told to end, if it has not ended yet. */
  async killLeaving(id: string): Promise<void> {
    await this.#all.findLast((executor) => executor.id === id)?.kill()
  }

  /** Waits until every task runs here, spread evenly; gives the tasks. */
  isBalanced(spec: DeploymentSpec): Promise<readonly TaskReport[]> {
    return spreadEvenly({ redis: this.#redis }, spec, () => this.ids, DEADLINE_MS)
  }

  /** Ends all that is left. */
  async end(): Promise<void> {
    await Promise.all(this.#all.map((executor) => executor.kill()))
  }

  /** The end of what each has printed. */
  lastWords(): string {
    return this.#all.map(({ id, output }) => `── ${id}\n${output.slice(-WORDS)}`).join('\n')
  }

  #drop(id: string): ExecutorProcess {
    const executor = this.#alive.get(id)
    if (executor === undefined) throw new Error(`${id} is not there`)
    this.#alive.delete(id)
    return executor
  }
}
