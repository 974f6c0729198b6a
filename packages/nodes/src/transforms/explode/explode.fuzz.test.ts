import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../index.ts'

/** Keys and elements of an array or map; null: there is none. */
type List = readonly (readonly [bigint | string, bigint | null])[] | null

interface Setup {
  readonly isMap: boolean
  readonly keep: boolean
  readonly limit: number
  readonly numbers: readonly (bigint | null)[]
}

const setup: fc.Arbitrary<Setup> = fc.record({
  isMap: fc.boolean(),
  keep: fc.boolean(),
  limit: fc.integer({ min: 1, max: 5 }),
  numbers: fc.array(fc.option(fc.bigInt(-2n, 2n)), { minLength: 8, maxLength: 8 }),
})

interface Change {
  readonly id: string
  /** Null: the row is deleted. */
  readonly list: { readonly keys: readonly string[] | null } | null
}

const change: fc.Arbitrary<Change> = fc.record({
  id: fc.constantFrom('a', 'b', '__proto__'),
  list: fc.option(
    fc.record({
      keys: fc.option(fc.uniqueArray(fc.constantFrom('p', 'q', 'r', 's', '', '1'), { maxLength: 6 })),
    }),
    { freq: 5 },
  ),
})

function listOf(keys: readonly string[] | null, { isMap, numbers }: Setup, salt: number): List {
  if (keys === null) return null
  return keys.map((key, i) => [isMap ? key : BigInt(i + 1), numbers[(i + salt) % numbers.length] ?? null])
}

/** A list as it stands in a row. */
function rowValue(list: List, { isMap }: Setup): unknown {
  if (list === null) return null
  return isMap ? Object.fromEntries(list) : list.map(([, element]) => element)
}

/** The rows of one list; how it fails, or why it is dropped. */
function explode(list: List, { keep, limit }: Setup): { rows: List } | { drop: string } | 'fails' {
  if (list === null || list.length === 0) {
    if (keep) return { rows: [[null as never, null]] }
    return { drop: list === null ? 'the array or map is null' : 'the array or map is empty' }
  }
  return list.length > limit ? 'fails' : { rows: list }
}

function exampleOf(made: Setup, changes: readonly Change[], isUpdating: boolean): Example {
  const now = new Map<string, List>()
  const output: { row: Record<string, unknown>; at?: bigint }[] = []
  const [dropped, errors]: [NonNullable<Example['dropped']>, NonNullable<Example['errors']>] = [[], []]
  const steps: NonNullable<Example['steps']> = []
  changes.forEach(({ id, list: next }, i) => {
    const was = now.get(id)
    if (next === null && (was === undefined || !isUpdating)) return
    const at = BigInt(i)
    const list = next === null ? (was as List) : listOf(next.keys, made, i)
    const row = { id, list: rowValue(list, made) }
    const found = explode(list, made)
    if (found === 'fails' && next !== null)
      errors.push({ at: BigInt(steps.length), code: 'too_many_elements' })
    if (found === 'fails' && next === null)
      dropped.push({ row, cause: `The event has ${list?.length} elements, more than ${made.limit}.` })
    if (found !== 'fails' && 'drop' in found) dropped.push({ row, cause: found.drop })
    if (!isUpdating && found !== 'fails' && 'rows' in found)
      output.push(...(found.rows ?? []).map(([n, element]) => ({ at, row: { id, n, element } })))
    if (next === null) steps.push({ at, row, kind: 'delete' })
    else if (was === undefined || !isUpdating) steps.push({ at, row })
    else steps.push({ at, row, kind: 'update', before: { id, list: rowValue(was, made) } })
    if (next === null) now.delete(id)
    else if (isUpdating) now.set(id, list)
  })
  for (const [id, list] of now) {
    const found = explode(list, made)
    if (found !== 'fails' && 'rows' in found)
      output.push(...(found.rows ?? []).map(([n, element]) => ({ row: { id, n, element } })))
  }
  const fields = { id: 'string', list: made.isMap ? 'map<string, int64>' : 'array<int64>' }
  return {
    ...{ node: 'explode', title: 'random', steps, output, dropped, errors },
    config: {
      list: 'list',
      as: 'element',
      index: 'n',
      empty: made.keep ? 'keep' : 'drop',
      limit: BigInt(made.limit),
    },
    input: { fields, ...(isUpdating && { updates: { key: ['id'], before: true } }) },
  }
}

describe('an explode', () => {
  it.each([false, true])(
    'agrees with a loop over elements, over nulls, commits and crashes (rows are corrected: %s)',
    (isUpdating) =>
      fuzz(
        fc.asyncProperty(setup, fc.array(change, { maxLength: 15 }), (made, changes) =>
          runExample(exampleOf(made, changes, isUpdating), { catalogue, runtimes }),
        ),
        { seedFile: path.join(import.meta.dirname, 'explode.fuzz-seeds.json'), runs: 120 },
      ),
    180_000,
  )
})
