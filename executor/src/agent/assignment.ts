import { murmur2 } from '@millrace/engine'

/** A task that should run. */
export interface SharedTask {
  /** Its lease key. */
  readonly key: string
  readonly deployment: string
  readonly stage: string
  /** The executor that holds it; null where nobody does who is alive and staying. */
  readonly owner: string | null
  /** True where there is no lease on it, so that it can be taken now. */
  readonly isFree: boolean
}

/** What is known when tasks are shared out. */
export interface Situation {
  /** All tasks that should run. */
  readonly tasks: readonly SharedTask[]
  /** Ids of the executors that are alive and staying. */
  readonly executors: readonly string[]
  /** By deployment: so many executors at most may carry its tasks; all of them where nothing is said. */
  readonly limits: ReadonlyMap<string, number>
  /** The executor that asks. */
  readonly self: string
}

/** What an executor is to do: lease keys. */
export interface Moves {
  /** Free tasks that it may take. */
  readonly take: readonly string[]
  /** Tasks beyond its share. */
  readonly giveUp: readonly string[]
}

/** Tasks that can stand for one another: those of one stage. */
type Group = readonly SharedTask[]

/**
 * Shares tasks out evenly and stickily. Every executor works out the same shares from what it sees, so nobody has to
 * be asked; leases settle what two see differently for a moment. Stages are dealt with one after the other, each of
 * their tasks going to the executor with the fewest so far, and among equals to one that holds such a task already: so
 * totals differ by one at most where no limit stands in the way, a task moves only where the balance wants it, and what
 * has been moved stays. An executor that is not among the executors moves nothing.
 */
export function assign({ tasks, executors, limits, self }: Situation): Moves {
  const moves = { take: [] as string[], giveUp: [] as string[] }
  if (!executors.includes(self)) return moves
  const load = new Map(executors.map((id) => [id, 0]))
  for (const [deployment, members] of tightestFirst(tasks, limits)) {
    const groups = [...Map.groupBy(members, ({ stage }) => stage).values()]
    for (const [i, shares] of sharesOf(deployment, groups, load, limits.get(deployment)).entries()) {
      const group = groups[i] as Group
      const share = shares.get(self) ?? 0
      const mine = group.filter(({ owner }) => owner === self)
      moves.giveUp.push(...mine.slice(share).map(({ key }) => key))
      moves.take.push(...openFor(self, group, shares).slice(0, Math.max(0, share - mine.length)))
    }
  }
  return moves
}

/** Tasks by deployment, those with the tightest limits first: the others can still level what these leave uneven. */
function tightestFirst(tasks: readonly SharedTask[], limits: Situation['limits']): [string, Group][] {
  const sorted = tasks.toSorted((a, b) => compare(a.key, b.key))
  const limitOf = (id: string) => limits.get(id) ?? Number.MAX_SAFE_INTEGER
  return [...Map.groupBy(sorted, ({ deployment }) => deployment)].sort(
    ([a], [b]) => limitOf(a) - limitOf(b) || compare(a, b),
  )
}

/**
 * By group, how many tasks each executor is to hold; adds them to its load. One that would get nothing, since it has
 * enough to do, is none of those that the limit counts.
 */
function sharesOf(
  deployment: string,
  groups: readonly Group[],
  load: Map<string, number>,
  limit: number | undefined,
): Map<string, number>[] {
  for (let candidates = [...load.keys()]; ; ) {
    const hosts = hostsOf(deployment, groups.flat(), candidates, load, limit)
    const tried = new Map(load)
    const all = groups.map((group) => shareOut(group, hosts, tried))
    const useful = hosts.filter((id) => all.some((shares) => (shares.get(id) ?? 0) > 0))
    if (useful.length === hosts.length || candidates.length === hosts.length) {
      for (const [id, count] of tried) load.set(id, count)
      return all
    }
    candidates = candidates.filter((id) => useful.includes(id) || !hosts.includes(id))
  }
}

/**
 * The executors that may carry a deployment: those that carry most of it, then those with the least to do. They come in
 * an order that nothing but the deployment decides: one that followed the moves would change the shares.
 */
function hostsOf(
  deployment: string,
  members: Group,
  candidates: readonly string[],
  load: ReadonlyMap<string, number>,
  limit: number | undefined,
): string[] {
  const held = countOwners(members)
  const turns = new Map(candidates.map((id) => [id, turnOf(deployment, id)]))
  const difference = (of: ReadonlyMap<string, number>, a: string, b: string) =>
    (of.get(a) ?? 0) - (of.get(b) ?? 0)
  const inTurn = (a: string, b: string) => difference(turns, a, b) || compare(a, b)
  const byNeed = (a: string, b: string) => difference(held, b, a) || difference(load, a, b) || inTurn(a, b)
  return candidates.toSorted(byNeed).slice(0, limit).sort(inTurn)
}

/** How many tasks of a group each host is to hold; adds them to its load. */
function shareOut(group: Group, hosts: readonly string[], load: Map<string, number>): Map<string, number> {
  const left = countOwners(group)
  const shares = new Map(hosts.map((id) => [id, 0]))
  for (const _ of group) {
    const least = Math.min(...hosts.map((id) => load.get(id) ?? 0))
    const equals = hosts.filter((id) => load.get(id) === least)
    const next = equals.find((id) => (left.get(id) ?? 0) > 0) ?? (equals[0] as string)
    left.set(next, (left.get(next) ?? 0) - 1)
    load.set(next, least + 1)
    shares.set(next, (shares.get(next) ?? 0) + 1)
  }
  return shares
}

/** Free tasks in the order in which an executor tries them: it begins behind those that others before it will take. */
function openFor(self: string, group: Group, shares: ReadonlyMap<string, number>): string[] {
  const held = countOwners(group)
  const free = group.filter(({ isFree }) => isFree).map(({ key }) => key)
  const before = [...shares].filter(([id]) => id < self)
  const shift = before.reduce((sum, [id, share]) => sum + Math.max(0, share - (held.get(id) ?? 0)), 0)
  const at = free.length === 0 ? 0 : shift % free.length
  return [...free.slice(at), ...free.slice(0, at)]
}

function countOwners(tasks: Iterable<SharedTask>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { owner } of tasks) if (owner !== null) counts.set(owner, (counts.get(owner) ?? 0) + 1)
  return counts
}

function turnOf(deployment: string, executor: string): number {
  return murmur2(new TextEncoder().encode(`${deployment} ${executor}`))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
