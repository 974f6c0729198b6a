import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../index.ts'
import { dedupeModel, type ModelStep } from './dedupe-model.test-helper.ts'
import { type Choice, choiceOf } from './settings.ts'

const event = fc.record({
  a: fc.constantFrom('x', '1:x', null),
  b: fc.option(fc.bigInt(1n, 2n)),
  n: fc.bigInt(0n, 9n),
})
const near = fc.bigInt(-20n, 20n)
/** Some are far away, also in the future. */
const time = fc.oneof(
  { weight: 9, arbitrary: near },
  { weight: 1, arbitrary: fc.constantFrom(-5_000_000_000_000n, 5_000_000_000_000n) },
)
const step: fc.Arbitrary<ModelStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ row: event, at: time }) },
  { weight: 1, arbitrary: fc.record({ watermark: near }) },
)
/** In the end everything is decided. */
const END = { watermark: 6_000_000_000_000n }

const CHOICES = ['first', 'last'].flatMap((keep) =>
  ['arrival', 'event'].map(
    (order) => ({ keep, order }) as { keep: 'first' | 'last'; order: 'arrival' | 'event' },
  ),
)

describe.each(CHOICES)('a dedupe that keeps the $keep by $order', ({ keep, order }) => {
  it(
    'agrees with lists of events, over any disorder, nulls, commits, crashes and partitions',
    () =>
      fuzz(
        fc.asyncProperty(
          fc.array(step, { maxLength: 30 }),
          fc.integer({ min: 1, max: 15 }),
          async (random, ttl) => {
            const config = { key: ['a', 'b'], keep, order, ttl }
            const choice: Choice = choiceOf(config)
            const steps = [...random, END]
            const example: Example = {
              node: 'dedupe',
              title: 'random',
              config,
              input: { fields: { a: 'string', b: 'int64', n: 'int64' } },
              steps: steps.map((one) => ('row' in one ? { ...one, row: { ...one.row } } : one)),
              ...dedupeModel(choice, steps, ttl),
            }
            await runExample(example, { catalogue, runtimes })
          },
        ),
        { seedFile: path.join(import.meta.dirname, 'dedupe.fuzz-seeds.json'), runs: 100 },
      ),
    180_000,
  )
})
