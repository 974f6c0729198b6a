import { type DataType, type Field, type Row, suggest, type Value } from '@millrace/expr'
import { didYouMean } from '@millrace/graph'

/** A way to a value within a row. */
export interface RowPath {
  readonly type: DataType
  read(row: Row): Value
}

/**
 * Resolves a path such as `total` or `items.0.sku`: a field, members of structs, places of arrays (from 0), keys of maps
 * of texts. A field whose name has dots is found first. Gives a sentence where there is no such value.
 */
export function resolvePath(path: string, fields: readonly Field[]): RowPath | string {
  const whole = fieldPath(path, fields)
  if (whole !== undefined) return whole
  const [head = '', ...rest] = path.split('.')
  const start = fieldPath(head, fields)
  if (start === undefined) {
    const likely = suggest(
      head,
      fields.map(({ name }) => name),
    )
    return `There is no field "${head}" here.${didYouMean(likely)}`
  }
  return rest.reduce<RowPath | string>(
    (found, part) => (typeof found === 'string' ? found : inside(found, part, path)),
    start,
  )
}

function fieldPath(name: string, fields: readonly Field[]): RowPath | undefined {
  const at = fields.findIndex((field) => field.name === name)
  const field = fields[at]
  return field && { type: field.type, read: (row) => row[at] ?? null }
}

function inside({ type, read }: RowPath, part: string, path: string): RowPath | string {
  switch (type.kind) {
    case 'struct': {
      const member = fieldPath(part, type.fields)
      if (member === undefined) return `"${path}" leads nowhere: there is no "${part}" in it.`
      return { type: member.type, read: (row) => nested(read(row), (value) => member.read(value as Row)) }
    }
    case 'array': {
      if (!/^\d{1,6}$/.test(part)) return `In "${path}", "${part}" must be a place in a list: 0, 1, 2 …`
      const at = Number(part)
      return {
        type: type.element,
        read: (row) => nested(read(row), (value) => (value as readonly Value[])[at] ?? null),
      }
    }
    case 'map':
      return {
        type: type.value,
        read: (row) => nested(read(row), (value) => entryOf(value as readonly Value[], part)),
      }
    default:
      return `"${path}" leads nowhere: what stands before "${part}" is one value.`
  }
}

function nested(value: Value, read: (value: Value) => Value): Value {
  return value === null ? null : read(value)
}

function entryOf(entries: readonly Value[], key: string): Value {
  for (let i = 0; i < entries.length; i += 2) if (String(entries[i]) === key) return entries[i + 1] ?? null
  return null
}
