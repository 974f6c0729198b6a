/** What an executor says of one task, about once a second. */
export interface TaskReport {
  readonly stage: string
  readonly partition: number
  readonly executor: string
  readonly generation: number
  readonly state: TaskState
  /** Epoch ms when the task came into this state. */
  readonly since: number
  /** Epoch ms of this report; older than `REPORT_TIMEOUT_MS`: nothing is known. */
  readonly at: number
  /** Set while draining: nothing is left to do. */
  readonly drained: boolean
  readonly problem: Problem | null
}

/** `restoring`: reading its state; `waiting`: something it needs is out of reach; `stopped`: it needs a person. */
export type TaskState = 'restoring' | 'running' | 'waiting' | 'stopped'

/** Reports older than this say nothing. */
export const REPORT_TIMEOUT_MS = 5_000

/** Something that is wrong now, in words that a person can act on. */
export interface Problem {
  readonly code: ProblemCode
  /** The node it is about; null for the task as a whole. */
  readonly nodeId: string | null
  /** What happened, why, and what will happen or is to be done. */
  readonly message: string
  /** Epoch ms. */
  readonly since: number
}

/**
 * Every kind of problem: whether the task goes on by itself once it is over, or waits for a person. `continues`: the
 * position in a topic means nothing any more, and a person can say where to go on in it.
 */
export const PROBLEMS = {
  kafka_unreachable: { resumes: true },
  redis_unreachable: { resumes: true },
  redis_evicts: { resumes: true },
  state_copy_rebuilding: { resumes: true },
  sink_unreachable: { resumes: true },
  internal_topic_full: { resumes: true },
  fenced: { resumes: true },
  worker_ended: { resumes: true },
  sink_refuses: { resumes: false },
  sink_version_conflict: { resumes: false },
  topic_missing: { resumes: false, continues: true },
  topic_recreated: { resumes: false, continues: true },
  partitions_changed: { resumes: false },
  position_lost: { resumes: false, continues: true },
  batch_unreadable: { resumes: false },
  event_unreadable: { resumes: false },
  state_lost: { resumes: false },
  reference_too_large: { resumes: false },
  transactional_id_taken: { resumes: false },
  newer_generation: { resumes: false },
  internal: { resumes: true },
} as const satisfies Record<string, ProblemTraits>

interface ProblemTraits {
  readonly resumes: boolean
  readonly continues?: boolean
}

/** A key of `PROBLEMS`. */
export type ProblemCode = keyof typeof PROBLEMS

/** True for a problem that "continue" answers: the topic of a node is not what was read. Internal topics belong to none. */
export function canContinue({ code, nodeId }: Pick<Problem, 'code' | 'nodeId'>): boolean {
  // What an executor of another version says may be unknown here.
  const known: ProblemTraits | undefined = PROBLEMS[code]
  return nodeId !== null && (known?.continues ?? false)
}

/** Something that happened, kept for the pipeline's history. */
export interface StatusEvent {
  readonly deployment: string
  /** Epoch ms. */
  readonly at: number
  readonly kind: 'problem' | 'recovered' | 'task_moved' | 'generation_running' | 'drained' | 'sealed'
  readonly message: string
}
