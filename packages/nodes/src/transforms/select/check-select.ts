import { compile, type Field, parseType, quoteName } from '@millrace/expr'
import { type ConfigIssue, quote, type StreamSchema } from '@millrace/graph'
import { expressionIssues } from '../../config/check-expression.ts'
import { ANY_USE, checkField, checkFields } from '../../config/check-fields.ts'
import { duplicateField } from '../../config/check-schema.ts'
import { issue } from '../../config/issue.ts'
import { sentence } from '../../config/words.ts'
import { castText, columnsOf, columnTexts } from './columns.ts'
import { newName } from './output.ts'
import type { SelectConfig } from './settings.ts'

/** What is wrong with the settings whatever flows in. */
export function checkSettings(settings: SelectConfig): readonly ConfigIssue[] {
  const { rest, keep, rename, cast, fields } = settings
  if (rest === 'drop' && [keep, rename, cast, fields].every((list) => list.length === 0)) {
    return [issue('fields_missing', ['keep'], 'Nothing is left: name the fields to keep.')]
  }
  return [
    ...rename.flatMap(({ name }, i) => nameMissing(name, 'rename', i)),
    ...fields.flatMap(({ name }, i) => nameMissing(name, 'fields', i)),
    ...twice(rename, 'rename', 'renamed'),
    ...twice(cast, 'cast', 'cast'),
    ...cast.flatMap(({ type }, i) => checkType(type, ['cast', String(i), 'type'])),
    ...checkDropped(settings),
  ]
}

/** What is wrong with the settings over this input. */
export function checkInput(settings: SelectConfig, input: StreamSchema): readonly ConfigIssue[] {
  const { rest, keep, drop, rename, cast, fields } = settings
  return [
    ...(rest === 'drop'
      ? checkFields(keep, input.fields, ANY_USE, 'keep')
      : checkFields(drop, input.fields, ANY_USE, 'drop')),
    ...rename.flatMap(
      ({ field }, i) => checkField(field, input.fields, ANY_USE, ['rename', String(i), 'field']) ?? [],
    ),
    ...cast.flatMap((_, i) => checkCast(settings, i, input.fields)),
    ...fields.flatMap(({ expression }, i) =>
      expressionIssues(expression, compile(expression, input.fields), ['fields', String(i), 'expression']),
    ),
    ...checkNames(settings, input.fields),
    ...checkUpdateKey(settings, input),
  ]
}

function nameMissing(name: string, list: 'rename' | 'fields', i: number): readonly ConfigIssue[] {
  return name === '' ? [issue('field_name_missing', [list, String(i), 'name'], 'Give the field a name.')] : []
}

/** A field can have one new name, and one new type. */
function twice(
  list: readonly { readonly field: string }[],
  setting: 'rename' | 'cast',
  what: string,
): readonly ConfigIssue[] {
  const names = list.map(({ field }) => field)
  return names.flatMap((field, i) => {
    if (field === '' || names.indexOf(field) === i) return []
    const message = `${quote(field)} is ${what} twice: remove one of them.`
    return [issue('field_used_twice', [setting, String(i), 'field'], message)]
  })
}

function checkType(type: string, path: readonly string[]): readonly ConfigIssue[] {
  if (type.trim() === '') return [issue('type_missing', path, 'Choose a type.')]
  const parsed = parseType(type)
  return parsed.ok ? [] : [issue('type_invalid', path, sentence(parsed.issue.message))]
}

/** What goes no further can have no other name or type. */
function checkDropped({ rest, drop, rename, cast }: SelectConfig): readonly ConfigIssue[] {
  if (rest === 'drop') return []
  const used = new Set([...rename, ...cast].map(({ field }) => field))
  return drop.flatMap((field, i) => {
    if (!used.has(field)) return []
    const message = `${quote(field)} is dropped, and has a new name or type: remove one of them.`
    return [issue('field_used_twice', ['drop', String(i)], message)]
  })
}

/** A cast that there is not, such as that of an array to a number. */
function checkCast({ cast }: SelectConfig, i: number, fields: readonly Field[]): readonly ConfigIssue[] {
  const one = cast[i] as SelectConfig['cast'][number]
  const unknown = checkField(one.field, fields, ANY_USE, ['cast', String(i), 'field'])
  if (unknown) return [unknown]
  if (!parseType(one.type).ok) return []
  const result = compile(castText(quoteName(one.field), one), fields)
  if (result.ok) return []
  return [issue('expression_invalid', ['cast', String(i), 'type'], sentence(result.issues[0]?.message ?? ''))]
}

/** Every name of the output must be there once. */
function checkNames(settings: SelectConfig, fields: readonly Field[]): readonly ConfigIssue[] {
  const columns = columnTexts(settings, fields).filter(({ name }) => name !== '')
  const seen = new Set<string>()
  // What is passed on as it is has its name first.
  const ordered = columns.toSorted((a, b) => Number(hasNewName(a.path)) - Number(hasNewName(b.path)))
  return ordered.flatMap(({ name, path }) => {
    const isNew = !seen.has(name)
    seen.add(name)
    return isNew || path === null ? [] : [duplicateField(name, [...path, 'name'])]
  })
}

function hasNewName(path: ReturnType<typeof columnTexts>[number]['path']): boolean {
  return path !== null && path[0] !== 'cast'
}

/** What names the rows of an updating stream must go on, or nobody could tell which row is corrected. */
function checkUpdateKey(settings: SelectConfig, { fields, updates }: StreamSchema): readonly ConfigIssue[] {
  const columns = updates && columnsOf(settings, fields)
  if (!columns) return []
  return updates.key.flatMap((name) => {
    if (newName(name, columns) !== null) return []
    const message = `Keep ${quote(name)} as it is, under this name or another: it tells which row is corrected later.`
    return [issue('update_key_lost', placeOfLoss(name, settings), message)]
  })
}

function placeOfLoss(name: string, { rest, drop, cast }: SelectConfig): readonly string[] {
  const dropped = rest === 'keep' ? drop.indexOf(name) : -1
  if (dropped >= 0) return ['drop', String(dropped)]
  const changed = cast.findIndex(({ field }) => field === name)
  return changed >= 0 ? ['cast', String(changed), 'field'] : ['fields']
}
