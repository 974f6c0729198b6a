import { TaskState, type TaskStateOptions } from '../state/task-state.ts'
import { Committer } from './committer.ts'
import { type TakenOver, type TakeOverOptions, takeOver } from './take-over.ts'

/**
 * The parts of a session on which exactly-once rests: who may write, in which order a transaction is written, and when
 * the copy in Redis hears of it. Only the fault tests put others in their place, to show that each is needed.
 */
export interface SessionParts {
  takeOver(options: TakeOverOptions): Promise<TakenOver>
  committer(...args: ConstructorParameters<typeof Committer>): Committer
  state(options: TaskStateOptions): TaskState
}

/** The parts of every session outside tests. */
export const SESSION_PARTS: SessionParts = {
  takeOver,
  committer: (...args) => new Committer(...args),
  state: (options) => new TaskState(options),
}
