import type { SampleRecord, TopicSample } from '@millrace/contracts'
import type { TestSource } from '@millrace/engine'
import type { Field } from '@millrace/expr'
import type { EventStep } from '@millrace/graph'
import { fetchSample, type SampleRequest } from '../connections/topic-sample.ts'
import { mergeSteps, type RecordingRules, recordSteps } from './record-steps.ts'

/** Where in the topics a recording begins. */
export type RecordFrom =
  | { readonly kind: 'latest' }
  /** Local time as an input of the browser gives it. */
  | { readonly kind: 'time'; readonly time: string }
  | { readonly kind: 'offset'; readonly partition: number; readonly offset: number }

/** Records taken of one topic: as many as the api gives at once. */
export const MOST_RECORDED = 1_000

/** What to record. */
export interface Recording {
  readonly sources: readonly TestSource[]
  readonly from: RecordFrom
  /** Of each topic that events come from; what is looked up is taken whole, as far as the api gives it. */
  readonly limit: number
  readonly rules: Pick<RecordingRules, 'key' | 'filter' | 'masked'>
  readonly fieldsOf: (nodeId: string) => readonly Field[]
  readonly salt: string
}

/** Reads records of topics and makes one sequence of steps of them: what is looked up first, then events by time. */
export async function recordTopics(
  { sources, from, limit, rules, fieldsOf, salt }: Recording,
  read: (request: SampleRequest) => Promise<TopicSample> = fetchSample,
): Promise<{ readonly steps: readonly EventStep[]; readonly skipped: number }> {
  const recorded = await Promise.all(
    sources.map(async ({ node, kind, connection, topic }) => {
      const isReference = kind === 'reference'
      const place = isReference
        ? ({ limit: MOST_RECORDED, partition: null, from: 'earliest' } as const)
        : { limit, ...startOf(from) }
      const { records } = await read({ connection, topic, ...place })
      const own = isReference ? { key: '', filter: '', masked: rules.masked } : rules
      return {
        isReference,
        ...recordSteps(node.id, byTime(records), { ...own, fields: fieldsOf(node.id), salt }),
      }
    }),
  )
  const events = recorded.filter(({ isReference }) => !isReference)
  const references = recorded.filter(({ isReference }) => isReference).flatMap(({ steps }) => steps)
  return {
    // A table is there before the first event: it has no time in the test.
    steps: [...references.map(({ at: _, ...step }) => step), ...mergeSteps(events.map(({ steps }) => steps))],
    skipped: events.reduce((sum, { skipped }) => sum + skipped, 0),
  }
}

function startOf(from: RecordFrom): Pick<SampleRequest, 'partition' | 'from' | 'offset' | 'time'> {
  if (from.kind === 'offset') return { partition: from.partition, from: 'earliest', offset: from.offset }
  const time = from.kind === 'time' ? new Date(from.time).getTime() : Number.NaN
  return Number.isNaN(time)
    ? { partition: null, from: 'latest' }
    : { partition: null, from: 'earliest', time }
}

function byTime(records: readonly SampleRecord[]): readonly SampleRecord[] {
  return records.toSorted((a, b) => a.timestamp - b.timestamp)
}
