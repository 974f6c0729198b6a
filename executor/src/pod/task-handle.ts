import type { TaskReport } from '@millrace/contracts'
import type { TaskIdentity } from '../task/task-identity.ts'

/** A task at work, as the agent knows it. */
export interface TaskHandle {
  readonly identity: TaskIdentity
  /** Lets sources stand still; the task works off what is in its internal topics. */
  drain(draining: boolean, upstreamDrained: boolean): void
  /** Ends the task after one last commit. */
  stop(): Promise<void>
  /** Ends the task at once: it belongs to somebody else. */
  abandon(): void
  /** What to tell of the task. */
  report(executor: string): TaskReport
}
