import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../index.ts'

const FIELDS = ['a', 'b', 'c', 'd', '__proto__'] as const
type Name = (typeof FIELDS)[number]
type Value = bigint | null

/** What becomes of one field. */
interface Fate {
  readonly isNamed: boolean
  readonly rename: boolean
  readonly cast: 'dead-letter' | 'null' | null
  /** A field of this name that is derived in its place. */
  readonly replace: boolean
}

const fate: fc.Arbitrary<Fate> = fc.record({
  isNamed: fc.boolean(),
  rename: fc.boolean(),
  cast: fc.constantFrom('dead-letter' as const, 'null' as const, null),
  replace: fc.boolean(),
})

interface Setup {
  readonly rest: 'keep' | 'drop'
  readonly fates: readonly Fate[]
  /** Derived behind the others: the sum of two fields. */
  readonly sums: readonly (readonly [Name, Name])[]
}

const field = fc.constantFrom(...FIELDS)
const setup: fc.Arbitrary<Setup> = fc.record({
  rest: fc.constantFrom('keep', 'drop'),
  fates: fc.array(fate, { minLength: FIELDS.length, maxLength: FIELDS.length }),
  sums: fc.array(fc.tuple(field, field), { maxLength: 3 }),
})

const value: fc.Arbitrary<Value> = fc.option(fc.constantFrom(0n, 1n, 9223372036854775807n))
const rows = fc.array(fc.tuple(value, value, value, value, value), { maxLength: 6 })

function plan({ rest, fates }: Setup) {
  return FIELDS.map((name, i) => {
    const own = fates[i] as Fate
    // A field that is replaced or dropped has no new name or type.
    const goesOn = rest === 'keep' ? !own.isNamed : own.isNamed || own.rename || own.cast !== null
    const isPlain = !own.rename && own.cast === null
    return {
      name,
      ...own,
      goesOn: goesOn || (rest === 'keep' && !isPlain),
      isReplaced: own.replace && isPlain,
    }
  })
}

function settings(made: Setup) {
  const planned = plan(made)
  const { rest } = made
  return {
    rest,
    keep: rest === 'drop' ? planned.filter(({ isNamed }) => isNamed).map(({ name }) => name) : [],
    drop: rest === 'keep' ? planned.filter(({ goesOn }) => !goesOn).map(({ name }) => name) : [],
    rename: planned.filter(({ rename }) => rename).map(({ name }) => ({ field: name, name: `new_${name}` })),
    cast: planned.flatMap(({ name, cast }) => (cast ? [{ field: name, type: 'string', failure: cast }] : [])),
    fields: [
      ...planned.filter(({ isReplaced }) => isReplaced).map(({ name }) => ({ name, expression: '7' })),
      ...made.sums.map(([one, other], i) => ({ name: `sum_${i}`, expression: `"${one}" + "${other}"` })),
    ],
  }
}

/** The row that comes out; null where a sum leaves the range of int64. */
function select(made: Setup, row: readonly Value[]): Record<string, unknown> | null {
  const entries: [string, unknown][] = []
  const behind: [string, unknown][] = []
  for (const [i, { name, goesOn, rename, cast, isReplaced }] of plan(made).entries()) {
    const own = row[i] as Value
    const shown = cast === null ? own : own === null ? null : String(own)
    if (goesOn) entries.push([rename ? `new_${name}` : name, isReplaced ? 7n : shown])
    else if (isReplaced) behind.push([name, 7n])
  }
  for (const [i, names] of made.sums.entries()) {
    const [one, other] = names.map((name) => row[FIELDS.indexOf(name)] as Value) as [Value, Value]
    const sum = one === null || other === null ? null : one + other
    if (sum !== null && sum > 9223372036854775807n) return null
    behind.push([`sum_${i}`, sum])
  }
  return Object.fromEntries([...entries, ...behind])
}

describe('a select', () => {
  it(
    'makes the rows that its lists say, over nulls, failures, commits and crashes',
    () =>
      fuzz(
        fc.asyncProperty(setup, rows, async (made, list) => {
          const config = settings(made)
          if (Object.keys(select(made, []) ?? {}).length === 0) return
          const errors: { at: bigint; code: string }[] = []
          const output = list.flatMap((row, i) => {
            const selected = select(made, row)
            if (selected === null) errors.push({ at: BigInt(i), code: 'int64_overflow' })
            return selected === null ? [] : [{ at: BigInt(i), row: selected }]
          })
          const example: Example = {
            ...{ node: 'select', title: 'random', config, output, errors },
            input: { fields: Object.fromEntries(FIELDS.map((name) => [name, 'int64'])) },
            steps: list.map((row, i) => ({
              at: BigInt(i),
              row: Object.fromEntries(FIELDS.map((name, j) => [name, row[j]])),
            })),
          }
          await runExample(example, { catalogue, runtimes })
        }),
        { seedFile: path.join(import.meta.dirname, 'select.fuzz-seeds.json'), runs: 100 },
      ),
    180_000,
  )
})
