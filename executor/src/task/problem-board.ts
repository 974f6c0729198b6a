import type { Problem, ProblemCode } from '@millrace/contracts'
import type { Logger } from 'pino'

/** What is wrong with a task now. A problem is logged when it begins and when it ends, not in between. */
export class ProblemBoard {
  readonly #log: Logger
  readonly #problems = new Map<ProblemCode, Problem>()

  constructor(log: Logger) {
    this.#log = log
  }

  /** The oldest problem; null where all is well. */
  get current(): Problem | null {
    return [...this.#problems.values()][0] ?? null
  }

  /** Says that something is wrong; a repetition changes no more than the words. */
  raise(code: ProblemCode, message: string, nodeId: string | null = null, cause?: unknown): void {
    const known = this.#problems.get(code)
    this.#problems.set(code, { code, nodeId, message, since: known?.since ?? Date.now() })
    if (known === undefined) this.#log.warn({ code, nodeId, err: cause }, message)
  }

  /** Says that it is over. */
  clear(code: ProblemCode): void {
    const problem = this.#problems.get(code)
    if (problem === undefined) return
    this.#problems.delete(code)
    this.#log.info({ code, forMs: Date.now() - problem.since }, `over: ${problem.message}`)
  }

  /** Forgets everything, but for one problem: of a task that begins anew, or stands still for a reason of its own. */
  clearAll(except?: ProblemCode): void {
    for (const code of this.#problems.keys()) if (code !== except) this.clear(code)
  }
}
