/** What a node did since its state began. Committed with the task, hence exact. */
export interface Counters {
  in: number
  out: number
  filtered: number
  late: number
  errors: number
}

/** Counters at zero. */
export function newCounters(): Counters {
  return { in: 0, out: 0, filtered: 0, late: 0, errors: 0 }
}

/** The sum of several tasks' or operators' counters. */
export function addCounters(all: Iterable<Readonly<Counters>>): Counters {
  const sum = newCounters()
  for (const counters of all) {
    for (const name of Object.keys(sum) as (keyof Counters)[]) sum[name] += counters[name]
  }
  return sum
}
