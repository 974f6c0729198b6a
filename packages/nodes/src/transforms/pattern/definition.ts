import type { Field } from '@millrace/expr'
import { type ConfigIssue, defineNode, fieldIndex, type Inference, type StreamSchema } from '@millrace/graph'
import { conditionIssues, expressionIssues } from '../../config/check-expression.ts'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { lateStream, spreadBy } from '../../config/spread-by.ts'
import { formatDuration } from '../../config/words.ts'
import { checkColumns, type PairColumn, pairColumns } from '../../pairs/pair-columns.ts'
import { compilePairCondition } from '../../pairs/pair-condition.ts'
import { NAMES, patternShape } from './pattern-plan.ts'
import { config, type PatternConfig } from './settings.ts'

/** Finds events that another one follows in time, or does not. */
export const pattern = defineNode<PatternConfig>({
  type: 'pattern',
  version: 1,
  kind: 'transform',
  title: 'Pattern',
  summary: 'Finds events that another one follows within a time, or those that none follows.',
  icon: 'pattern',
  config,
  defaults: {
    kind: 'followed',
    key: [],
    first: '',
    second: '',
    condition: '',
    within: 3_600_000,
    overlap: 'each',
    fields: 'all',
    aFields: [],
    bFields: [],
    aPrefix: 'a_',
    bPrefix: 'b_',
  },
  inputs: [{ name: 'in', label: 'Events', updates: { refused: 'a match that was sent is not taken back' } }],
  outputs: [
    { name: 'out', label: 'Matches' },
    { name: 'late', label: 'Late events', optional: true },
  ],
  digest: ({ kind, first, second, within }) => {
    if (first.trim() === '' || second.trim() === '') return ''
    return `${first} ${kind === 'followed' ? 'then' : 'without'} ${second} within ${formatDuration(within)}`
  },
  infer: (settings, { in: input = null }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: [
      ...checkConditions(settings, input?.fields ?? null),
      ...(input ? checkInput(settings, input) : []),
    ],
  }),
})

function checkConditions(settings: PatternConfig, fields: readonly Field[] | null): readonly ConfigIssue[] {
  return (['first', 'second'] as const).flatMap((name) =>
    conditionIssues(settings[name], fields, [name], `Write which events are the ${name} ones.`),
  )
}

function checkInput(settings: PatternConfig, { fields }: StreamSchema): readonly ConfigIssue[] {
  const result = compilePairCondition(settings.condition, NAMES, [fields, fields])
  return [
    ...checkFields(settings.key, fields, KEY_USE, 'key'),
    ...(result ? expressionIssues(settings.condition, result, ['condition']) : []),
    ...checkColumns(patternShape(settings, fields)),
  ]
}

function outputsOf(settings: PatternConfig, input: StreamSchema): Inference['outputs'] {
  const columns = pairColumns(patternShape(settings, input.fields))
  return {
    out: {
      fields: columns.map(({ field }) => field),
      partitionedBy: resultsSpreadBy(settings, columns, input),
      eventTimeField: timeName(settings, columns, input),
    },
    late: lateStream(input, settings.key),
  }
}

/** Both events of a match have the key, and are where the first one is. */
function resultsSpreadBy(
  { key }: PatternConfig,
  columns: readonly PairColumn[],
  input: StreamSchema,
): readonly string[] | null {
  const found = spreadBy(input, key).map((name) => {
    const at = fieldIndex(input, name)
    return columns.find(({ first, second }) => first === at || second === at)?.field.name
  })
  return found.every((name) => name !== undefined) ? found : null
}

/** The time of a match is that of its second event; that of an absence is in no field. */
function timeName(
  { kind }: PatternConfig,
  columns: readonly PairColumn[],
  { fields, eventTimeField }: StreamSchema,
): string | null {
  if (kind === 'absent' || eventTimeField === null) return null
  const at = fields.findIndex(({ name }) => name === eventTimeField)
  return columns.find(({ second }) => second === at)?.field.name ?? null
}
