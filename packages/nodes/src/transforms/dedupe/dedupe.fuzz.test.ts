import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../index.ts'

interface Event {
  readonly a: string | null
  readonly b: bigint | null
}

type Step = { readonly row: Event; readonly at: bigint } | { readonly watermark: bigint }

/** What a dedupe must make of the steps: a list of what it remembers, searched from end to end. */
function expected(steps: readonly Step[], ttl: number) {
  const output: { row: Record<string, unknown>; at: bigint }[] = []
  const dropped: { row: Record<string, unknown>; cause: string }[] = []
  let remembered: { row: Event; time: number }[] = []
  let watermark = Number.NEGATIVE_INFINITY
  for (const step of steps) {
    if ('watermark' in step) {
      watermark = Math.max(watermark, Number(step.watermark))
      remembered = remembered.filter(({ time }) => time + ttl > watermark)
      continue
    }
    const time = Number(step.at)
    const { row } = step
    const equal = (kept: { row: Event }) => kept.row.a === row.a && kept.row.b === row.b
    if (remembered.some((kept) => equal(kept) && time < kept.time + ttl)) {
      dropped.push({ row: { ...row }, cause: 'an equal event came before' })
      continue
    }
    remembered = remembered.filter((kept) => !equal(kept))
    if (time + ttl > watermark) remembered.push({ row, time })
    output.push({ row: { ...row }, at: step.at })
  }
  return { output, dropped }
}

const event = fc.record({ a: fc.constantFrom('x', '1:x', null), b: fc.option(fc.bigInt(1n, 2n)) })
const time = fc.bigInt(-20n, 20n)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ row: event, at: time }) },
  { weight: 1, arbitrary: fc.record({ watermark: time }) },
)

describe('a dedupe', () => {
  it(
    'agrees with a list of what it remembers, over any disorder, nulls, commits, crashes and partitions',
    () =>
      fuzz(
        fc.asyncProperty(
          fc.array(step, { maxLength: 30 }),
          fc.integer({ min: 1, max: 15 }),
          async (steps, ttl) => {
            const example: Example = {
              node: 'dedupe',
              title: 'random',
              config: { key: ['a', 'b'], ttl },
              input: { fields: { a: 'string', b: 'int64' } },
              steps: steps.map((one) => ('row' in one ? { ...one, row: { ...one.row } } : one)),
              ...expected(steps, ttl),
            }
            await runExample(example, { catalogue, runtimes })
          },
        ),
        { seedFile: path.join(import.meta.dirname, 'dedupe.fuzz-seeds.json'), runs: 150 },
      ),
    180_000,
  )
})
