/** What is known when tasks are shared out. */
export interface Situation {
  /** Lease keys of all tasks that should run. */
  readonly wanted: readonly string[]
  /** Lease keys this executor holds. */
  readonly held: readonly string[]
  /** Lease keys nobody holds. */
  readonly free: readonly string[]
  /** Executors that are alive and staying, this one included. */
  readonly executors: number
  /** Turns the order in which free tasks are tried, so that executors do not all reach for the same one. */
  readonly turn: number
}

/** What to do now. */
export interface Moves {
  readonly take: readonly string[]
  /** One at most: surplus tasks are handed over one by one. */
  readonly giveUp: readonly string[]
}

/** Shares tasks evenly and stickily: each executor holds at most its fair share and lets go of nothing else. */
export function assign({ wanted, held, free, executors, turn }: Situation): Moves {
  const share = Math.ceil(wanted.length / Math.max(1, executors))
  const open = free.filter((key) => wanted.includes(key))
  const shift = open.length === 0 ? 0 : turn % open.length
  const turned = [...open.slice(shift), ...open.slice(0, shift)]
  return {
    take: turned.slice(0, Math.max(0, share - held.length)),
    giveUp: held.length > share ? held.slice(-1) : [],
  }
}
