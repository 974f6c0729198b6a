import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../index.ts'

type Value = bigint | null

/** A condition as text, and what it says of a value: true, false, null for unknown, or that it fails. */
interface Condition {
  readonly text: string
  readonly holds: (value: Value) => boolean | null | 'fails'
}

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.bigInt(-3n, 3n).map((limit) => ({
    text: `v > ${limit}`,
    holds: (value: Value) => (value === null ? null : value > limit),
  })),
  fc.bigInt(-3n, 3n).map((other) => ({
    text: `not v = ${other}`,
    holds: (value: Value) => (value === null ? null : value !== other),
  })),
  fc.constant({ text: 'v is null', holds: (value: Value) => value === null }),
  // Leaves the range of int64 where v is positive.
  fc.constant({
    text: 'v + 9223372036854775807 > 9223372036854775806',
    holds: (value: Value) => (value === null ? null : value > 0n ? ('fails' as const) : value === 0n),
  }),
)

/** The outputs that a value reaches, or that it fails. */
function outputsOf(
  value: Value,
  branches: readonly (Condition & { port: string })[],
  mode: string,
  rest: string,
) {
  const found: string[] = []
  for (const { holds, port } of branches) {
    const verdict = holds(value)
    if (verdict === 'fails') return 'fails'
    if (verdict === true) found.push(port)
    if (verdict === true && mode === 'first') break
  }
  return found.length === 0 && rest === 'out' ? ['else'] : found
}

interface Change {
  readonly id: bigint
  /** Null: the row is deleted. */
  readonly v: { readonly value: Value } | null
}

const change: fc.Arbitrary<Change> = fc.record({
  id: fc.bigInt(1n, 3n),
  v: fc.option(fc.record({ value: fc.option(fc.bigInt(-4n, 4n)) }), { freq: 4 }),
})

interface Setup {
  readonly mode: string
  readonly rest: string
  readonly branches: readonly Condition[]
  readonly ports: readonly number[]
}

const setup: fc.Arbitrary<Setup> = fc.record({
  mode: fc.constantFrom('first', 'all'),
  rest: fc.constantFrom('out', 'drop'),
  branches: fc.array(conditions, { minLength: 1, maxLength: 4 }),
  ports: fc.uniqueArray(fc.integer({ min: 1, max: 16 }), { minLength: 4, maxLength: 4 }),
})

function settings({ mode, rest, branches, ports }: Setup) {
  const placed = branches.map((one, i) => ({ ...one, port: `b${ports[i]}` }))
  const listed = placed.map(({ port, text }) => ({ port, name: '', condition: text }))
  return { placed, config: { mode, rest, branches: listed } }
}

const OPTIONS = { seedFile: path.join(import.meta.dirname, 'branch.fuzz-seeds.json'), runs: 100 }

describe('a branch', () => {
  it(
    'agrees with a look at each condition in turn, over events, nulls, failures, commits and crashes',
    () =>
      fuzz(
        fc.asyncProperty(
          setup,
          fc.array(fc.option(fc.bigInt(-4n, 4n)), { maxLength: 15 }),
          async (made, values) => {
            const { placed, config } = settings(made)
            const outputs: Record<string, { row: { v: Value }; at: bigint }[]> = {}
            const dropped: { row: { v: Value }; cause: string }[] = []
            const errors: { at: bigint; code: string }[] = []
            values.forEach((v, i) => {
              const reached = outputsOf(v, placed, made.mode, made.rest)
              const entry = { row: { v }, at: BigInt(i) }
              if (reached === 'fails') errors.push({ at: BigInt(i), code: 'int64_overflow' })
              else if (reached.length === 0) dropped.push({ row: { v }, cause: 'no branch matches' })
              else for (const port of reached) outputs[port] = [...(outputs[port] ?? []), entry]
            })
            const example: Example = {
              ...{ node: 'branch', title: 'random', config, input: { fields: { v: 'int64' } } },
              steps: values.map((v, i) => ({ at: BigInt(i), row: { v } })),
              ...{ outputs, dropped, errors },
            }
            await runExample(example, { catalogue, runtimes })
          },
        ),
        OPTIONS,
      ),
    180_000,
  )

  it(
    'leaves at each output the rows that belong there in the end, where rows are corrected',
    () =>
      fuzz(
        fc.asyncProperty(setup, fc.array(change, { maxLength: 15 }), async (made, changes) => {
          const { placed, config } = settings({
            ...made,
            branches: made.branches.filter(({ text }) => !text.includes('+')),
          })
          if (placed.length === 0) return
          const now = new Map<bigint, Value>()
          const dropped: NonNullable<Example['dropped']> = []
          const steps: NonNullable<Example['steps']> = []
          changes.forEach(({ id, v }, i) => {
            const was = now.get(id)
            if (v === null && was === undefined) return
            const at = BigInt(i)
            const value = v === null ? (was as Value) : v.value
            const row = { id, v: value }
            if (v === null) steps.push({ at, row, kind: 'delete' })
            else if (was === undefined) steps.push({ at, row })
            else steps.push({ at, row, kind: 'update', before: { id, v: was } })
            if (outputsOf(value, placed, made.mode, made.rest).length === 0)
              dropped.push({ row, cause: 'no branch matches' })
            if (v === null) now.delete(id)
            else now.set(id, value)
          })
          const outputs: Record<string, { row: { id: bigint; v: Value } }[]> = {}
          for (const [id, v] of now)
            for (const port of outputsOf(v, placed, made.mode, made.rest))
              outputs[port] = [...(outputs[port] ?? []), { row: { id, v } }]
          const example: Example = {
            ...{ node: 'branch', title: 'random', config },
            input: { fields: { id: 'int64', v: 'int64' }, updates: { key: ['id'], before: true } },
            ...{ steps, outputs, dropped },
          }
          await runExample(example, { catalogue, runtimes })
        }),
        OPTIONS,
      ),
    180_000,
  )
})
