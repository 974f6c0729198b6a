import { type ConfigIssue, defineNode, type Inference, type StreamSchema } from '@millrace/graph'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { issue } from '../../config/issue.ts'
import { lateStream } from '../../config/spread-by.ts'
import { formatDuration } from '../../config/words.ts'
import { migrate } from './migrate.ts'
import { config, type DedupeConfig } from './settings.ts'

const OUT = { name: 'out', label: 'Kept events' }
const LATE = { name: 'late', label: 'Late events', optional: true }

/** Keeps the first or the last of several equal events, by arrival or by event time. */
export const dedupe = defineNode<DedupeConfig>({
  type: 'dedupe',
  version: 2,
  kind: 'transform',
  title: 'Dedupe',
  summary: 'Keeps the first or the last of several equal events.',
  icon: 'dedupe',
  config,
  defaults: { key: [], keep: 'first', order: 'arrival', ttl: 3_600_000 },
  inputs: [
    { name: 'in', label: 'Events', updates: { refused: 'what was dropped as equal is not remembered' } },
  ],
  outputs: [OUT, LATE],
  openOutputs: ({ order }) => (order === 'event' ? [OUT, LATE] : [OUT]),
  digest,
  migrate,
  infer: (settings, { in: input }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: checkKey(settings, input),
  }),
  finalFix: ({ keep }) =>
    keep === 'first' ? null : { label: 'Keep the first', path: ['keep'], value: 'first' },
})

function digest({ key, keep, ttl }: DedupeConfig): string {
  if (key.length === 0) return ''
  return `${keep === 'last' ? 'last ' : ''}${key.join(', ')}, ${formatDuration(ttl)}`
}

function checkKey({ key }: DedupeConfig, input: StreamSchema | null | undefined): readonly ConfigIssue[] {
  if (key.length === 0) return [issue('field_missing', ['key'], 'Choose the fields that name an event.')]
  return input ? checkFields(key, input.fields, KEY_USE, 'key') : []
}

function outputsOf({ key, keep }: DedupeConfig, input: StreamSchema): Inference['outputs'] {
  const out = lateStream(input, key)
  return { out: keep === 'last' ? { ...out, updates: { key, before: false } } : out, late: out }
}
