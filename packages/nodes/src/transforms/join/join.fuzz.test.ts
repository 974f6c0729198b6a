import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../index.ts'
import { CONDITION, joinModel, type ModelStep } from './join-model.test-helper.ts'

const row = fc.record({
  k: fc.constantFrom('x', 'x', 'y', null),
  j: fc.constantFrom(1n, 1n, 1n, 2n, null),
  n: fc.constantFrom(-1n, 2n, 9_223_372_036_854_775_807n, null),
})
const side = fc.constantFrom<'left' | 'right'>('left', 'right')
/** Around 0, where they meet often, and a time that is far ahead of all else. */
const time = fc.oneof(
  { weight: 15, arbitrary: fc.bigInt(-20n, 20n) },
  { weight: 1, arbitrary: fc.bigInt(5_000_000_000_000n, 5_000_000_000_003n) },
)
const step: fc.Arbitrary<ModelStep> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ to: side, row, at: time }) },
  { weight: 1, arbitrary: fc.record({ to: side, watermark: fc.bigInt(-25n, 25n) }) },
  { weight: 1, arbitrary: fc.record({ watermark: time }) },
)
const bounds = fc
  .tuple(fc.integer({ min: -12, max: 12 }), fc.integer({ min: -12, max: 12 }))
  .map(([a, b]) => ({ lower: Math.min(a, b), upper: Math.max(a, b) }))
const settings = fc.record({
  kind: fc.constantFrom('inner' as const, 'left' as const, 'right' as const, 'full' as const),
  bounds,
  condition: fc.constantFrom('', CONDITION),
})

describe('a join', () => {
  it(
    'agrees with the comparison of everything with everything, over any disorder, lateness, nulls, ties and crashes',
    () =>
      fuzz(
        fc.asyncProperty(
          fc.array(step, { maxLength: 30 }),
          settings,
          async (steps, { kind, bounds, condition }) => {
            const fields = { k: 'string', j: 'int64', n: 'int64' }
            const on = ['k', 'j'].map((name) => ({ left: name, right: name }))
            const example: Example = {
              node: 'join',
              title: 'random',
              config: { kind, ...bounds, condition, on },
              inputs: { left: { fields }, right: { fields } },
              steps: steps.map((one) => ('row' in one ? { ...one, row: { ...one.row } } : one)),
              ...joinModel(steps, { kind, ...bounds, condition }),
            }
            await runExample(example, { catalogue, runtimes })
          },
        ),
        { seedFile: path.join(import.meta.dirname, 'join.fuzz-seeds.json'), runs: 150 },
      ),
    300_000,
  )
})
