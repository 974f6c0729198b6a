import { type Field, scalar } from '@millrace/expr'
import { type ConfigIssue, defineNode, type Inference, type StreamSchema } from '@millrace/graph'
import { checkName, checkResultNames } from '../../aggregates/check-names.ts'
import { checkAggregates, compileAggregates, resultFields } from '../../aggregates/compile-aggregates.ts'
import { aggregateList } from '../../aggregates/list-help.ts'
import { COUNT } from '../../aggregates/settings.ts'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { lateStream, spreadBy } from '../../config/spread-by.ts'
import { checkTimes } from './check-times.ts'
import { digest } from './digest.ts'
import { migrate } from './migrate.ts'
import { config, type WindowConfig } from './settings.ts'

/** Counts, sums and averages events per span of time. */
export const window = defineNode<WindowConfig>({
  type: 'window',
  version: 2,
  kind: 'transform',
  title: 'Window',
  summary: 'Counts, sums and averages events per span of time and group.',
  icon: 'window',
  config,
  defaults: {
    kind: 'tumbling',
    length: 'fixed',
    size: 300_000,
    timeZone: 'UTC',
    slide: 60_000,
    step: 60_000,
    gap: 1_800_000,
    offset: 0,
    groupBy: [],
    aggregates: COUNT,
    allowedLateness: 0,
    output: 'final',
    earlyUpdates: null,
    earlyClock: 'event',
    fillGaps: false,
  },
  inputs: [
    {
      name: 'in',
      label: 'Events',
      updates: { refused: 'an aggregate cannot take back what it has counted' },
    },
  ],
  outputs: [
    { name: 'out', label: 'Results' },
    { name: 'late', label: 'Late events', optional: true },
  ],
  digest,
  migrate,
  lists: { aggregates: aggregateList },
  infer: (settings, { in: input }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: [...checkTimes(settings), ...checkNames(settings), ...(input ? checkInput(settings, input) : [])],
  }),
  finalFix: ({ output }) =>
    output === 'final' ? null : { label: 'Send final results only', path: ['output'], value: 'final' },
})

/** Fields of the result that tell which window it is. */
export const WINDOW_FIELDS = [
  { name: 'window_start', type: scalar('timestamp', false) },
  { name: 'window_end', type: scalar('timestamp', false) },
] as const satisfies readonly Field[]

function checkNames({ groupBy, aggregates }: WindowConfig): readonly ConfigIssue[] {
  const taken = new Set<string>(WINDOW_FIELDS.map(({ name }) => name))
  const grouped = groupBy.flatMap((name, i) => checkName(name, taken, ['groupBy', String(i)]))
  return [...grouped, ...checkResultNames(aggregates, taken)]
}

function checkInput(settings: WindowConfig, input: StreamSchema): readonly ConfigIssue[] {
  return [
    ...checkFields(settings.groupBy, input.fields, KEY_USE, 'groupBy'),
    ...checkAggregates(settings.aggregates, input.fields),
  ]
}

function outputsOf(settings: WindowConfig, input: StreamSchema): Inference['outputs'] {
  const { groupBy, output } = settings
  const groups = groupBy.flatMap((name) => input.fields.find((field) => field.name === name) ?? [])
  const aggregates = compileAggregates(settings.aggregates, input.fields)
  if (aggregates === null || groups.length < groupBy.length) return { late: lateStream(input, groupBy) }
  return {
    out: {
      fields: [...groups, ...WINDOW_FIELDS, ...resultFields(aggregates)],
      partitionedBy: spreadBy(input, groupBy),
      eventTimeField: null,
      ...(output === 'updating' && { updates: { key: rowName(settings), before: false } }),
    },
    late: lateStream(input, groupBy),
  }
}

/** What names a row of the results: cumulative windows begin together, and sessions may grow. */
function rowName({ groupBy, kind }: WindowConfig): readonly string[] {
  return [...groupBy, 'window_start', ...(kind === 'cumulative' ? ['window_end'] : [])]
}
