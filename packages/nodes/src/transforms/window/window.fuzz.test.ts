import path from 'node:path'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { catalogue, runtimes, type WindowConfig } from '../../index.ts'

interface Event {
  readonly k: string | null
  readonly n: bigint | null
  readonly d: number | null
  readonly s: string | null
}

type Step = { readonly row: Event; readonly at: bigint } | { readonly watermark: bigint }

type Timing = Pick<WindowConfig, 'size' | 'offset' | 'allowedLateness'>

const AGGREGATES: WindowConfig['aggregates'] = [
  { function: 'count', as: 'events' },
  { function: 'count', argument: 's', as: 'texts' },
  { function: 'sum', argument: 'n', as: 'sum_n' },
  { function: 'sum', argument: 'd', where: 'n > 0', as: 'sum_d' },
  { function: 'avg', argument: 'n', as: 'avg_n' },
  { function: 'avg', argument: 'd', as: 'avg_d' },
  { function: 'min', argument: 'n', as: 'min_n' },
  { function: 'max', argument: 'd', as: 'max_d' },
  { function: 'min', argument: 's', as: 'min_s' },
  { function: 'max', argument: 's', as: 'max_s' },
]

/** The same aggregates over a list of events, the obvious way. */
function aggregate(events: readonly Event[]): Record<string, unknown> {
  const present = <T>(values: readonly (T | null)[]) => values.filter((value) => value !== null)
  const integers = present(events.map(({ n }) => n))
  const doubles = present(events.map(({ d }) => d))
  const texts = present(events.map(({ s }) => s)).sort(byCodePoint)
  const positive = present(events.filter(({ n }) => n !== null && n > 0n).map(({ d }) => d))
  const sum = integers.reduce((a, b) => a + b, 0n)
  const sorted = integers.toSorted((a, b) => (a < b ? -1 : 1))
  return {
    events: BigInt(events.length),
    texts: BigInt(texts.length),
    sum_n: integers.length === 0 ? null : sum,
    sum_d: positive.length === 0 ? null : add(positive),
    avg_n: integers.length === 0 ? null : Number(sum) / integers.length,
    avg_d: doubles.length === 0 ? null : add(doubles) / doubles.length,
    min_n: sorted[0] ?? null,
    max_d: doubles.length === 0 ? null : Math.max(...doubles),
    min_s: texts[0] ?? null,
    max_s: texts.at(-1) ?? null,
  }
}

function add(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  const at = left.findIndex((character, i) => character !== right[i])
  if (at < 0) return left.length - right.length
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1)
}

/** What a window must make of the steps: lists of events per group and window, and nothing clever. */
function expected(steps: readonly Step[], { size, offset, allowedLateness }: Timing) {
  const open: { k: string | null; start: number; events: Event[] }[] = []
  const output: { row: Record<string, unknown>; at: bigint }[] = []
  const late: Event[] = []
  let watermark = Number.NEGATIVE_INFINITY
  for (const step of steps) {
    if ('watermark' in step) {
      watermark = Math.max(watermark, Number(step.watermark))
      const final = open.filter(({ start }) => start + size - 1 + allowedLateness <= watermark)
      for (const bucket of final) {
        const { k, start, events } = bucket
        open.splice(open.indexOf(bucket), 1)
        const times = { window_start: BigInt(start), window_end: BigInt(start + size) }
        output.push({ row: { k, ...times, ...aggregate(events) }, at: BigInt(start + size - 1) })
      }
      continue
    }
    const start = Math.floor((Number(step.at) - offset) / size) * size + offset
    if (start + size - 1 + allowedLateness <= watermark) {
      late.push(step.row)
      continue
    }
    const bucket = open.find((candidate) => candidate.k === step.row.k && candidate.start === start)
    if (bucket) bucket.events.push(step.row)
    else open.push({ k: step.row.k, start, events: [step.row] })
  }
  return { output, late: late.map((event) => ({ ...event })) }
}

const event = fc.record({
  k: fc.constantFrom('a', 'b', null),
  n: fc.option(fc.oneof(fc.bigInt(-5n, 5n), fc.bigInt(-(2n ** 55n), 2n ** 55n))),
  d: fc.option(fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8)),
  s: fc.option(fc.string({ unit: 'grapheme', maxLength: 2 })),
})
const time = fc.bigInt(-40n, 40n)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ row: event, at: time }) },
  { weight: 1, arbitrary: fc.record({ watermark: time }) },
)
const timing: fc.Arbitrary<Timing> = fc
  .record({ size: fc.integer({ min: 1, max: 20 }), shift: fc.double({ min: -0.99, max: 0.99, noNaN: true }) })
  .chain(({ size, shift }) =>
    fc.record({
      size: fc.constant(size),
      offset: fc.constant(Math.trunc(size * shift)),
      allowedLateness: fc.constantFrom(0, 0, 7),
    }),
  )

describe('a window', () => {
  it(
    'agrees with lists of events, over any disorder, nulls, lateness, commits, crashes and partitions',
    () =>
      fuzz(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), timing, async (steps, times) => {
          const example: Example = {
            node: 'window',
            title: 'random',
            config: { kind: 'tumbling', ...times, groupBy: ['k'], aggregates: AGGREGATES },
            input: { fields: { k: 'string', n: 'int64', d: 'double', s: 'string' } },
            steps: steps.map((one) => ('row' in one ? { ...one, row: { ...one.row } } : one)),
            ...expected(steps, times),
          }
          await runExample(example, { catalogue, runtimes })
        }),
        { seedFile: path.join(import.meta.dirname, 'window.fuzz-seeds.json'), runs: 150 },
      ),
    180_000,
  )
})
