import { compile, formatType } from '@millrace/expr'
import { type ConfigIssue, defineNode, quote, type StreamSchema } from '@millrace/graph'
import { expressionIssues } from '../../config/check-expression.ts'
import { issue } from '../../config/issue.ts'
import { passOn } from '../../config/pass-on.ts'
import { type ExplodeLayout, elementOf, isList, layoutOf } from './layout.ts'
import { config, DEFAULTS, type ExplodeConfig } from './settings.ts'

/** Makes a row of each element of an array or map. */
export const explode = defineNode<ExplodeConfig>({
  type: 'explode',
  version: 1,
  kind: 'transform',
  title: 'Explode',
  summary: 'Makes a row of each element of an array or map.',
  icon: 'explode',
  config,
  defaults: DEFAULTS,
  inputs: [{ name: 'in', label: 'Events', updates: 'with-before' }],
  outputs: [{ name: 'out', label: 'Elements' }],
  digest: ({ list, index }) => (index === '' ? list : `${list} with ${index}`),
  infer: (settings, { in: input }) => {
    if (settings.list.trim() === '') {
      return { outputs: {}, issues: [issue('expression_missing', ['list'], 'Choose an array or map.')] }
    }
    if (!input) return { outputs: {}, issues: [] }
    const layout = layoutOf(settings, input.fields)
    if (layout === null) return { outputs: {}, issues: checkList(settings, input) }
    const issues = [
      ...checkParts(settings, layout),
      ...checkNames(settings, layout),
      ...checkUpdates(settings, layout, input),
    ]
    return { outputs: issues.length === 0 ? passOn(outputOf(settings, layout, input)) : {}, issues }
  },
})

function outputOf({ index }: ExplodeConfig, { fields }: ExplodeLayout, input: StreamSchema): StreamSchema {
  const { updates } = input
  return { ...input, fields, ...(updates && { updates: { ...updates, key: [...updates.key, index] } }) }
}

function checkList({ list }: ExplodeConfig, { fields }: StreamSchema): readonly ConfigIssue[] {
  const result = compile(list, fields)
  if (!result.ok) return expressionIssues(list, result, ['list'])
  const message = `This is of type ${formatType(result.expression.type)}: only an array or a map has elements.`
  return [issue('field_type', ['list'], message)]
}

function checkParts({ parts }: ExplodeConfig, { list, isSpread }: ExplodeLayout): readonly ConfigIssue[] {
  if (parts === 'whole' || isSpread || !isList(list.type)) return []
  const message = `The elements are of type ${formatType(elementOf(list.type))}, which has no fields.`
  const fix = { label: 'Put each into one field', path: ['parts'], value: 'whole' }
  return [issue('field_type', ['parts'], message, { fix })]
}

/** Every name of the output must be there once. */
function checkNames(
  settings: ExplodeConfig,
  { added, fields, width }: ExplodeLayout,
): readonly ConfigIssue[] {
  const count = (name: string) => fields.filter((field) => field.name === name).length
  const taken = added.findLast(({ name }) => count(name) > 1)?.name
  if (taken === undefined) return []
  const isIndex = taken === settings.index && added.slice(-width).every(({ name }) => name !== taken)
  const setting = isIndex ? 'index' : settings.parts === 'whole' ? 'as' : 'prefix'
  const value = setting === 'prefix' ? 'item_' : `${taken}_2`
  const message = `There would be two fields called ${quote(taken)}: give the new one another name.`
  const fix = { label: `Use ${quote(value)}`, path: [setting], value }
  return [issue('duplicate_field', [setting], message, settings[setting] === value ? {} : { fix })]
}

/** When a row is corrected, its elements are found again by their position or key. */
function checkUpdates(
  { index }: ExplodeConfig,
  { fields }: ExplodeLayout,
  { updates }: StreamSchema,
): readonly ConfigIssue[] {
  if (updates === undefined || index !== '') return []
  const isTaken = fields.some(({ name }) => name === 'position')
  const value = isTaken ? 'element_position' : 'position'
  const message =
    'The rows that flow in are corrected later: name a field for the position or key, by which each element is found again.'
  return [
    issue('position_missing', ['index'], message, {
      fix: { label: `Call it ${quote(value)}`, path: ['index'], value },
    }),
  ]
}
