import {
  type DataType,
  type Field,
  formatType,
  isKeyType,
  sameType,
  suggest,
  withNullable,
} from '@millrace/expr'
import { type ConfigIssue, quote } from '@millrace/graph'
import { expressionIssues } from '../../config/check-expression.ts'
import { checkField, KEY_USE } from '../../config/check-fields.ts'
import { issue } from '../../config/issue.ts'
import { formatDuration } from '../../config/words.ts'
import { checkColumns } from '../../pairs/pair-columns.ts'
import { compilePairCondition } from '../../pairs/pair-condition.ts'
import { joinShape, SIDES } from './join-shape.ts'
import type { JoinConfig } from './settings.ts'

/** Fields of both inputs; null while they are unknown. */
export interface JoinInputs {
  readonly left: readonly Field[] | null
  readonly right: readonly Field[] | null
}

/** What is wrong with the settings of a join. */
export function checkJoin(config: JoinConfig, inputs: JoinInputs): readonly ConfigIssue[] {
  return [...checkPairs(config, inputs), ...checkBounds(config), ...checkBoth(config, inputs)]
}

function checkPairs({ on }: JoinConfig, inputs: JoinInputs): readonly ConfigIssue[] {
  if (on.length === 0) return [pairsMissing(inputs)]
  return on.flatMap(({ left, right }, i) => {
    const found = SIDES.flatMap((side) => {
      const name = side === 'left' ? left : right
      return checkKeyField(name, inputs[side], ['on', String(i), side]) ?? []
    })
    return found.length > 0 ? found : checkTypes(left, right, inputs, ['on', String(i), 'right'])
  })
}

/** That a name is missing is told also while nothing flows in. */
function checkKeyField(
  name: string,
  fields: readonly Field[] | null,
  path: readonly string[],
): ConfigIssue | null {
  return fields === null && name !== '' ? null : checkField(name, fields ?? [], KEY_USE, path)
}

function pairsMissing({ left, right }: JoinInputs): ConfigIssue {
  const message = 'Choose the fields in which two events of a pair are equal.'
  const shared = left?.filter(({ name, type }) => isKeyType(type) && hasKey(right, name, type)) ?? []
  const [only, ...others] = shared
  if (only === undefined || others.length > 0) return issue('field_missing', ['on'], message)
  const value = [{ left: only.name, right: only.name }]
  return issue('field_missing', ['on'], message, {
    fix: { label: `Use ${quote(only.name)} of both`, path: ['on'], value },
  })
}

function hasKey(fields: readonly Field[] | null, name: string, type: DataType): boolean {
  return fields?.some((field) => field.name === name && areComparable(field.type, type)) ?? false
}

/** Types whose equal values have the same key text: a decimal is written without zeros at its end. */
function areComparable(a: DataType, b: DataType): boolean {
  return (a.kind === 'decimal' && b.kind === 'decimal') || sameType(a, b, false)
}

function checkTypes(
  left: string,
  right: string,
  inputs: JoinInputs,
  path: readonly string[],
): readonly ConfigIssue[] {
  const a = inputs.left?.find(({ name }) => name === left)
  const b = inputs.right?.find(({ name }) => name === right)
  if (a === undefined || b === undefined || areComparable(a.type, b.type)) return []
  const words = [a, b].map(({ name, type }) => `${quote(name)} is ${formatType(withNullable(type, true))}`)
  const message = `The types differ: left ${words.join(', right ')}. Choose another field, or cast one of them before.`
  const fitting =
    inputs.right?.filter(({ type }) => areComparable(a.type, type)).map(({ name }) => name) ?? []
  const likely = fitting.includes(left) ? left : (suggest(left, fitting) ?? fitting[0])
  return [
    issue('key_types_differ', path, message, {
      ...(likely !== undefined && { fix: { label: `Use ${quote(likely)}`, path, value: likely } }),
    }),
  ]
}

function checkBounds({ lower, upper }: JoinConfig): readonly ConfigIssue[] {
  if (lower <= upper) return []
  const message = `No event comes from ${formatDuration(lower)} to ${formatDuration(upper)} after another: the second bound must not be below the first.`
  const fix = { label: `Set it to ${formatDuration(lower)}`, path: ['upper'], value: lower }
  return [issue('bounds_reversed', ['upper'], message, { fix })]
}

/** What can only be told when both inputs are known. */
function checkBoth(config: JoinConfig, { left, right }: JoinInputs): readonly ConfigIssue[] {
  if (left === null || right === null) return []
  const result = compilePairCondition(config.condition, SIDES, [left, right])
  return [
    ...checkColumns(joinShape(config, left, right)),
    ...(result ? expressionIssues(config.condition, result, ['condition']) : []),
  ]
}
