import { type Field, formatType } from '@millrace/expr'

/** A field that can be named, with its type as text. */
export interface NamedField {
  readonly path: string
  readonly type: string
}

const MAX_DEPTH = 4

/** All fields with the members of their structs, also within arrays: `address.city`, `items.sku`. */
export function fieldPaths(fields: readonly Field[], prefix = '', depth = 1): readonly NamedField[] {
  return fields.flatMap(({ name, type }) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    const inner = type.kind === 'array' ? type.element : type
    const members =
      inner.kind === 'struct' && depth < MAX_DEPTH ? fieldPaths(inner.fields, path, depth + 1) : []
    return [{ path, type: formatType(type) }, ...members]
  })
}
