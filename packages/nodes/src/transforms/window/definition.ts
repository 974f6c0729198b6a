import { type Field, scalar } from '@millrace/expr'
import { type ConfigIssue, defineNode, type Inference, type StreamSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { checkAggregates, compileAggregates, resultFields } from '../../aggregates/compile-aggregates.ts'
import { aggregatesSetting, COUNT, resultNames } from '../../aggregates/settings.ts'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { duplicateField } from '../../config/check-schema.ts'
import { issue } from '../../config/issue.ts'
import { choiceSetting, closed, durationSetting, fieldsSetting, YEAR } from '../../config/settings.ts'
import { formatDuration } from '../../config/words.ts'

const config = Type.Object(
  {
    kind: choiceSetting(
      {
        title: 'Window',
        description: 'How time is cut: into spans that follow one another.',
        default: 'tumbling',
      },
      { tumbling: 'Tumbling' },
    ),
    size: durationSetting({
      title: 'Every',
      description: 'Length of a window. Windows are aligned to 1970-01-01T00:00:00Z.',
      default: 300_000,
      minimum: 1,
      maximum: YEAR,
    }),
    offset: durationSetting({
      title: 'Offset',
      description:
        'Moves the beginning of all windows, such as 30 min for windows from half hour to half hour.',
      default: 0,
      minimum: -YEAR,
      maximum: YEAR,
      advanced: true,
    }),
    groupBy: fieldsSetting({
      title: 'Group by',
      description: 'One result per window and combination of these fields. Null is a value like any other.',
    }),
    aggregates: aggregatesSetting({
      title: 'Aggregates',
      description: 'What to compute per window and group.',
    }),
    allowedLateness: durationSetting({
      title: 'Wait for late events',
      description: 'Holds results back by this much event time, so that late events are still counted.',
      default: 0,
      minimum: 0,
      maximum: YEAR,
    }),
  },
  closed,
)

/** Settings of a window. */
export type WindowConfig = Static<typeof config>

/** Counts, sums and averages events per span of time. */
export const window = defineNode<WindowConfig>({
  type: 'window',
  version: 1,
  kind: 'transform',
  title: 'Window',
  summary: 'Counts, sums and averages events per span of time and group.',
  icon: 'window',
  config,
  defaults: {
    kind: 'tumbling',
    size: 300_000,
    offset: 0,
    groupBy: [],
    aggregates: COUNT,
    allowedLateness: 0,
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
  digest: ({ size, groupBy, aggregates }) => {
    const functions = [...new Set(aggregates.map((entry) => entry.function))].join(', ')
    const groups = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`
    return `${formatDuration(size)}${groups}: ${functions}`
  },
  infer: (settings, { in: input }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: [...checkTimes(settings), ...checkNames(settings), ...(input ? checkInput(settings, input) : [])],
  }),
})

/** Fields of the result that tell which window it is. */
export const WINDOW_FIELDS = [
  { name: 'window_start', type: scalar('timestamp', false) },
  { name: 'window_end', type: scalar('timestamp', false) },
] as const satisfies readonly Field[]

function checkTimes({ size, offset }: WindowConfig): readonly ConfigIssue[] {
  if (Math.abs(offset) < size) return []
  return [issue('offset_too_large', ['offset'], `The offset must be smaller than ${formatDuration(size)}.`)]
}

function checkNames({ groupBy, aggregates }: WindowConfig): readonly ConfigIssue[] {
  if (aggregates.length === 0)
    return [issue('fields_missing', ['aggregates'], 'Compute at least one aggregate.')]
  const taken = new Set<string>(WINDOW_FIELDS.map(({ name }) => name))
  const grouped = groupBy.flatMap((name, i) => checkName(name, taken, ['groupBy', String(i)]))
  const computed = aggregates.flatMap((entry, i) => {
    const names = entry.as === '' ? [''] : resultNames(entry)
    return names.flatMap((name) => checkName(name, taken, ['aggregates', String(i), 'as']))
  })
  return [...grouped, ...computed]
}

function checkName(name: string, taken: Set<string>, path: readonly string[]): readonly ConfigIssue[] {
  if (name === '') return [issue('field_name_missing', path, 'Give the result a name.')]
  if (taken.has(name)) return [duplicateField(name, path)]
  taken.add(name)
  return []
}

function checkInput(settings: WindowConfig, input: StreamSchema): readonly ConfigIssue[] {
  return [
    ...checkFields(settings.groupBy, input.fields, KEY_USE, 'groupBy'),
    ...checkAggregates(settings.aggregates, input.fields),
  ]
}

function outputsOf(settings: WindowConfig, input: StreamSchema): Inference['outputs'] {
  const { groupBy } = settings
  const groups = groupBy.flatMap((name) => input.fields.find((field) => field.name === name) ?? [])
  const aggregates = compileAggregates(settings.aggregates, input.fields)
  if (aggregates === null || groups.length < groupBy.length) return { late: input }
  const isSpread = input.partitionedBy?.every((name) => groupBy.includes(name)) ?? false
  return {
    out: {
      fields: [...groups, ...WINDOW_FIELDS, ...resultFields(aggregates)],
      partitionedBy: isSpread ? input.partitionedBy : groupBy,
      eventTimeField: null,
    },
    late: input,
  }
}
