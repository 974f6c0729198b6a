import path from 'node:path'
import { fuzz } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign, type Moves, type SharedTask } from './assignment.ts'

/** Who shares what: a world in which all executors see the same, as they do once nothing has changed for a moment. */
interface World {
  readonly executors: readonly string[]
  readonly limits: ReadonlyMap<string, number>
  /** By lease key. */
  readonly owners: Map<string, string | null>
}

const keyOf = (deployment: string, stage: string, partition: number) => `${deployment}:${stage}:${partition}`

function world(
  executors: readonly string[],
  keys: readonly string[],
  limits: Record<string, number> = {},
): World {
  return {
    executors,
    limits: new Map(Object.entries(limits)),
    owners: new Map(keys.map((key) => [key, null])),
  }
}

function movesOf({ executors, limits, owners }: World, self: string): Moves {
  const tasks = [...owners].map(([key, held]): SharedTask => {
    const [deployment = '', stage = ''] = key.split(':')
    const owner = held !== null && executors.includes(held) ? held : null
    return { key, deployment, stage, owner, isFree: held === null }
  })
  return assign({ tasks, executors, limits, self })
}

/** One look of one executor: at most one task handed over, free ones taken. Returns how many tasks changed hands. */
function round(place: World, self: string): number {
  const { giveUp, take } = movesOf(place, self)
  const [surplus] = giveUp
  if (surplus !== undefined) place.owners.set(surplus, null)
  for (const key of take) {
    expect(place.owners.get(key)).toBeNull()
    place.owners.set(key, self)
  }
  return take.length + (surplus === undefined ? 0 : 1)
}

/** Lets everybody look in turn until nothing changes; returns how often each task was taken. */
function settle(place: World, order: readonly string[] = place.executors): Map<string, number> {
  const taken = new Map<string, number>()
  for (let quiet = 0, rounds = 0; quiet < order.length; rounds++) {
    expect(rounds).toBeLessThan(10 * (place.owners.size + 1) * order.length)
    const self = order[rounds % order.length] as string
    const before = new Map(place.owners)
    quiet = round(place, self) === 0 ? quiet + 1 : 0
    for (const [key, owner] of place.owners)
      if (owner === self && before.get(key) !== self) taken.set(key, (taken.get(key) ?? 0) + 1)
  }
  return taken
}

function loads({ executors, owners }: World, deployment?: string): number[] {
  const held = [...owners].filter(([key]) => deployment === undefined || key.startsWith(`${deployment}:`))
  return executors.map((id) => held.filter(([, owner]) => owner === id).length)
}

const carriers = (place: World, deployment: string) =>
  loads(place, deployment).filter((count) => count > 0).length
const stage = (deployment: string, name: string, tasks: number) =>
  Array.from({ length: tasks }, (_, i) => keyOf(deployment, name, i))

describe('sharing tasks out', () => {
  test('gives each executor its share, and of each stage too', () => {
    const place = world(['a', 'b'], [...stage('d', 's1', 4), ...stage('d', 's2', 4)])
    settle(place)
    for (const name of ['s1', 's2'])
      for (const id of ['a', 'b'])
        expect(
          [...place.owners].filter(([key, owner]) => key.startsWith(`d:${name}`) && owner === id),
        ).toHaveLength(2)
  })

  test('moves only what the balance wants when executors come and go', () => {
    const one = world(['a'], stage('d', 's', 8))
    settle(one)
    const four = { ...one, executors: ['a', 'b', 'c', 'd'] }
    const before = new Map(four.owners)
    const moved = settle(four)
    expect(loads(four)).toEqual([2, 2, 2, 2])
    expect(moved.size).toBe(6)
    expect([...before.keys()].filter((key) => !moved.has(key))).toHaveLength(2)
    const back = { ...four, executors: ['a', 'b'] }
    for (const [key, owner] of back.owners) if (owner === 'c' || owner === 'd') back.owners.set(key, null)
    expect(settle(back).size).toBe(4)
    expect(loads(back)).toEqual([4, 4])
  })

  test('hands nothing over where the balance is right', () => {
    const place = world(['a', 'b'], stage('d', 's', 5))
    settle(place)
    expect(settle(place).size).toBe(0)
  })

  test('keeps a pipeline on as many executors as it asks for, the same ones', () => {
    const place = world(['a', 'b', 'c', 'd'], [...stage('few', 's', 8), ...stage('many', 's', 8)], { few: 2 })
    settle(place)
    expect(carriers(place, 'few')).toBe(2)
    // The others make up for it.
    expect(loads(place)).toEqual([4, 4, 4, 4])
    const more = { ...place, executors: [...place.executors, 'e', 'f'] }
    const before = new Set(
      [...place.owners].filter(([key]) => key.startsWith('few')).map(([, owner]) => owner),
    )
    settle(more)
    const after = new Set([...more.owners].filter(([key]) => key.startsWith('few')).map(([, owner]) => owner))
    expect(after).toEqual(before)
  })

  test('follows when a pipeline asks for fewer and for more', () => {
    const place = world(['a', 'b', 'c'], stage('d', 's', 6))
    settle(place)
    const fewer = { ...place, limits: new Map([['d', 1]]) }
    const moved = settle(fewer)
    expect(loads(fewer).sort()).toEqual([0, 0, 6])
    expect(moved.size).toBe(4)
    settle({ ...fewer, limits: new Map() })
    expect(loads(place)).toEqual([2, 2, 2])
  })

  test('takes no task whose owner is going and still holds its lease', () => {
    const place = world(['a'], stage('d', 's', 2))
    place.owners.set(keyOf('d', 's', 0), 'leaving')
    expect(movesOf(place, 'a').take).toEqual([keyOf('d', 's', 1)])
  })

  test('two executors do not reach for the same task first', () => {
    const place = world(['a', 'b'], stage('d', 's', 4))
    const first = ['a', 'b'].flatMap((id) => movesOf(place, id).take)
    expect(new Set(first).size).toBe(4)
  })

  test('moves nothing for an executor that is not among them', () => {
    const place = world(['a'], stage('d', 's', 2))
    settle(place)
    expect(movesOf({ ...place, executors: ['b'] }, 'a')).toEqual({ take: [], giveUp: [] })
  })
})

describe('any change of executors, pipelines and limits', () => {
  interface Change {
    readonly executors: readonly string[]
    readonly limits: Readonly<Record<string, number>>
    readonly stages: readonly string[][]
  }

  const names = ['a', 'b', 'c', 'd', 'e']
  const setting = fc.record({
    executors: fc.subarray(names, { minLength: 1 }),
    limits: fc.dictionary(fc.constantFrom('d1', 'd2', 'd3'), fc.integer({ min: 1, max: 4 })),
    stages: fc.subarray([
      ...[stage('d1', 's1', 4), stage('d1', 's2', 4), stage('d1', 'sink-x', 4)],
      ...[stage('d2', 's1', 3), stage('d3', 's1', 1), stage('d3', 's2', 7)],
    ]),
  })

  test('ends in shares that are even, within the limits, complete, and reached without a detour', async () => {
    const steps = fc.array(setting, { minLength: 1, maxLength: 4 })
    await fuzz(
      fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (changes, turns) => {
        const owners = new Map<string, string | null>()
        for (const change of changes) settleAfter(change, owners, turns)
      }),
      { seedFile: path.join(import.meta.dirname, 'assignment.seeds.json'), runs: 200 },
    )
  })

  /** Tasks come and go, executors die with theirs, limits change; then everybody looks until it is quiet. */
  function settleAfter(
    { executors, limits, stages }: Change,
    owners: Map<string, string | null>,
    turns: Iterator<number>,
  ): void {
    const keys = new Set(stages.flat())
    for (const key of owners.keys()) if (!keys.has(key)) owners.delete(key)
    for (const key of keys) if (!executors.includes(owners.get(key) ?? '')) owners.set(key, null)
    const place: World = { executors, limits: new Map(Object.entries(limits)), owners }
    const order = executors
      .map((id) => ({ id, at: turns.next().value as number }))
      .sort((a, b) => a.at - b.at)
    const taken = settle(
      place,
      order.map(({ id }) => id),
    )
    checkShares(place)
    for (const times of taken.values()) expect(times).toBe(1)
  }

  function checkShares(place: World): void {
    const { executors, limits, owners } = place
    for (const owner of owners.values()) expect(executors).toContain(owner)
    for (const [deployment, limit] of limits) expect(carriers(place, deployment)).toBeLessThanOrEqual(limit)
    const isFree = [...limits.values()].every((limit) => limit >= executors.length)
    if (isFree) expect(Math.max(...loads(place)) - Math.min(...loads(place))).toBeLessThanOrEqual(1)
    // A task that may run anywhere runs where nobody with less to do could relieve its executor.
    const total = loads(place)
    for (const deployment of ['d1', 'd2', 'd3']) {
      if ((limits.get(deployment) ?? executors.length) < executors.length) continue
      loads(place, deployment).forEach((own, i) => {
        if (own > 0) expect(total[i]).toBeLessThanOrEqual(Math.min(...total) + 1)
      })
    }
  }
})
