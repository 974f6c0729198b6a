import { decodeBase64, encodeUtf8, parseTimestamp } from '@millrace/expr'
import { type EventStep, isEventStep, type PipelineTest, type TestStep, type TestTime } from '@millrace/graph'
import type { RawRecord } from '../record.ts'
import type { TestSource } from './test-sources.ts'

/** A step of a test, ready to be fed. Times are epoch ms; null where the test has told none yet. */
export type Arrival =
  | {
      readonly kind: 'record'
      readonly source: TestSource
      readonly record: RawRecord
      readonly now: number | null
    }
  | { readonly kind: 'generate'; readonly source: TestSource; readonly count: number }
  | { readonly kind: 'clock'; readonly now: number }

/** Raised where a test cannot be run; the message says why. */
export class TestProblem extends Error {}

/**
 * What a test feeds, in order.
 *
 * @throws TestProblem where a step names a node that takes no records, or a time that is none
 */
export function readSteps(
  { steps }: Pick<PipelineTest, 'steps'>,
  sources: ReadonlyMap<string, TestSource>,
): readonly Arrival[] {
  const offsets = new Map<string, number>()
  let now: number | null = null
  return steps.map((step, i): Arrival => {
    if ('clock' in step) {
      now = laterTime(now, step.clock, i)
      return { kind: 'clock', now }
    }
    const source = sourceOf(step, sources, i)
    if (!isEventStep(step)) return { kind: 'generate', source, count: step.generate }
    if (step.at !== undefined) now = laterTime(now, step.at, i)
    const offset = offsets.get(step.to) ?? 0
    offsets.set(step.to, offset + 1)
    return { kind: 'record', source, now, record: recordOf(step, source, offset, now ?? 0, i) }
  })
}

function recordOf(
  { key = null, value, base64 }: EventStep,
  { topic }: TestSource,
  offset: number,
  timestamp: number,
  at: number,
): RawRecord {
  return {
    ...{ topic, partition: 0, offset, timestamp },
    key: key === null ? null : encodeUtf8(key),
    value: base64 === undefined ? bytesOf(value ?? null) : bytesOfBase64(base64, at),
  }
}

function bytesOf(value: NonNullable<EventStep['value']> | null): Uint8Array | null {
  if (value === null) return null
  return encodeUtf8(typeof value === 'string' ? value : JSON.stringify(value))
}

function bytesOfBase64(text: string, at: number): Uint8Array {
  const bytes = decodeBase64(text)
  if (bytes === null) throw new TestProblem(`Step ${at + 1} has "base64" that is none.`)
  return bytes
}

function sourceOf(
  step: Exclude<TestStep, { clock: unknown }>,
  sources: ReadonlyMap<string, TestSource>,
  at: number,
) {
  const source = sources.get(step.to)
  const isGenerator = source?.kind === 'generator'
  if (source !== undefined && isGenerator === 'generate' in step) return source
  const why =
    source === undefined
      ? 'there is no source with this id that is set up, and no node with it that looks things up in a topic'
      : isGenerator
        ? 'a generator makes its events itself: say "generate" with their number'
        : 'only a generator makes events: give them one by one'
  throw new TestProblem(`Step ${at + 1} goes to "${step.to}": ${why}.`)
}

/** The clock does not go back: what arrives later with an earlier time has merely been written earlier. */
function laterTime(before: number | null, time: TestTime, at: number): number {
  const ms = readTime(time)
  if (ms === null) throw new TestProblem(`Step ${at + 1} has a time that is none: ${JSON.stringify(time)}.`)
  if (before !== null && ms < before) {
    throw new TestProblem(
      `Step ${at + 1} is before the one in front of it: the clock does not go back. Put the steps in order of arrival.`,
    )
  }
  return ms
}

/** A time of a test as epoch ms; null where it is none. */
export function readTime(time: TestTime): number | null {
  return typeof time === 'number' ? time : parseTimestamp(time)
}
