import { type ConfigIssue, defineNode, type Inference, type StreamSchema } from '@millrace/graph'
import { checkResultNames } from '../../aggregates/check-names.ts'
import { checkAggregates, compileAggregates, resultFields } from '../../aggregates/compile-aggregates.ts'
import { aggregateList } from '../../aggregates/list-help.ts'
import { COUNT } from '../../aggregates/settings.ts'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { lateStream, spreadBy } from '../../config/spread-by.ts'
import { formatDuration } from '../../config/words.ts'
import { config, type RunningConfig } from './settings.ts'

const OUT = { name: 'out', label: 'Events with aggregates' }
const LATE = { name: 'late', label: 'Late events', optional: true }

/** Adds aggregates over the last events of its group to each event. */
export const running = defineNode<RunningConfig>({
  type: 'running',
  version: 1,
  kind: 'transform',
  title: 'Running',
  summary: 'Adds aggregates over the last events of its group to each event.',
  icon: 'running',
  config,
  defaults: {
    groupBy: [],
    over: 'time',
    span: 86_400_000,
    events: 10,
    current: true,
    aggregates: COUNT,
    order: 'arrival',
    ttl: 604_800_000,
  },
  inputs: [
    {
      name: 'in',
      label: 'Events',
      updates: { refused: 'an aggregate cannot take back what it has counted' },
    },
  ],
  outputs: [OUT, LATE],
  openOutputs: ({ order }) => (order === 'event' ? [OUT, LATE] : [OUT]),
  digest,
  lists: { aggregates: aggregateList },
  infer: (settings, { in: input }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: [
      ...checkResultNames(settings.aggregates, new Set(input?.fields.map(({ name }) => name))),
      ...(input ? checkInput(settings, input) : []),
    ],
  }),
})

function digest({ over, span, events, groupBy, aggregates }: RunningConfig): string {
  const functions = [...new Set(aggregates.map((entry) => entry.function.replace('_', ' ')))].join(', ')
  const groups = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`
  return `last ${over === 'time' ? formatDuration(span) : events}${groups}: ${functions}`
}

function checkInput({ groupBy, aggregates }: RunningConfig, input: StreamSchema): readonly ConfigIssue[] {
  return [
    ...checkFields(groupBy, input.fields, KEY_USE, 'groupBy'),
    ...checkAggregates(aggregates, input.fields),
  ]
}

function outputsOf({ groupBy, aggregates }: RunningConfig, input: StreamSchema): Inference['outputs'] {
  const compiled = compileAggregates(aggregates, input.fields)
  if (compiled === null) return { late: lateStream(input, groupBy) }
  return {
    out: {
      ...input,
      fields: [...input.fields, ...resultFields(compiled)],
      partitionedBy: spreadBy(input, groupBy),
    },
    late: lateStream(input, groupBy),
  }
}
