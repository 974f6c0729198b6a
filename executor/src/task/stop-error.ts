import { PROBLEMS, type ProblemCode } from '@millrace/contracts'

/** A task cannot go on. Whether it tries again by itself or waits for a person is said by its problem code. */
export class TaskStopError extends Error {
  readonly code: ProblemCode
  readonly nodeId: string | null

  constructor(code: ProblemCode, message: string, nodeId: string | null = null) {
    super(message)
    this.name = 'TaskStopError'
    this.code = code
    this.nodeId = nodeId
  }

  /** True where it tries again by itself. */
  get resumes(): boolean {
    return PROBLEMS[this.code].resumes
  }
}

/** The task was taken from us, or its generation is over: no fault, just the end of this life. */
export class TaskEndedError extends Error {
  /** The generation that has the task now; null where it only changed its owner. */
  readonly newer: number | null

  constructor(reason: string, newer: number | null = null) {
    super(reason)
    this.name = 'TaskEndedError'
    this.newer = newer
  }
}
