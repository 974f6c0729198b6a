import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes } from '../../index.ts'
import { CONDITION, type ModelStep, patternModel } from './pattern-model.test-helper.ts'

const row = fc.record({
  k: fc.constantFrom('x', 'x', 'x', null),
  a: fc.constantFrom(true, true, false, null),
  b: fc.constantFrom(true, true, false, null),
  n: fc.constantFrom(-1n, 2n, 9_223_372_036_854_775_807n, null),
})
/** Around 0, where they meet often and one is often exactly in time, and a time that is far ahead of all else. */
const time = fc.oneof(
  { weight: 15, arbitrary: fc.bigInt(-9n, 9n) },
  { weight: 1, arbitrary: fc.bigInt(5_000_000_000_000n, 5_000_000_000_003n) },
)
const step: fc.Arbitrary<ModelStep> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ row, at: time }) },
  { weight: 1, arbitrary: fc.record({ watermark: fc.bigInt(-15n, 0n) }) },
  { weight: 1, arbitrary: fc.record({ watermark: time }) },
)
const settings = fc.record({
  kind: fc.constantFrom('followed' as const, 'absent' as const),
  overlap: fc.constantFrom('each' as const, 'ignore' as const, 'replace' as const),
  condition: fc.constantFrom('', CONDITION),
  within: fc.integer({ min: 1, max: 6 }),
})

describe('a pattern', () => {
  it(
    'agrees with a walk over all events in order, over any disorder, lateness, nulls, ties and crashes',
    () =>
      fuzz(
        fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), settings, async (steps, config) => {
          const example: Example = {
            node: 'pattern',
            title: 'random',
            config: { ...config, key: ['k'], first: 'a', second: 'b' },
            input: { fields: { k: 'string', a: 'boolean', b: 'boolean', n: 'int64' } },
            steps: steps.map((one) => ('row' in one ? { ...one, row: { ...one.row } } : one)),
            ...patternModel(steps, config),
          }
          await runExample(example, { catalogue, runtimes })
        }),
        { seedFile: path.join(import.meta.dirname, 'pattern.fuzz-seeds.json'), runs: 150 },
      ),
    300_000,
  )
})
