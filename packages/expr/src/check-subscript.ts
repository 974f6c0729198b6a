import { type Checked, type Checking, expectKind, expectType, typeName } from './checking.ts'
import { UNTYPED } from './coerce.ts'
import type { SubscriptSyntax, Syntax } from './syntax.ts'
import { type ArrayType, type MapType, withNullable } from './type.ts'
import type { Typed } from './typed.ts'

/** Checks `array[position]` and `map[key]`. */
export function checkSubscript(syntax: SubscriptSyntax, checking: Checking): Checked {
  const object = checking.check(syntax.object)
  const index = checking.check(syntax.index)
  if (object === null || index === null) return null
  const { type } = object
  if (type.kind === 'array') return ofArray(object, type, index, syntax.index, checking)
  if (type.kind === 'map') return ofMap(object, type, index, syntax.index, checking)
  const name = type === UNTYPED ? 'null' : typeName(type)
  const message = `Only an array or a map has elements; this is ${name}`
  return checking.refuse('type_mismatch', syntax.object, message)
}

function ofArray(
  object: Typed,
  { element }: ArrayType,
  found: Typed,
  at: Syntax,
  checking: Checking,
): Checked {
  const index = expectKind({ syntax: at, typed: found }, 'int64', 'The position of an element', checking)
  if (index === null) return null
  if (index.kind === 'literal' && index.value !== null && (index.value as number | bigint) < 1)
    return checking.refuse('type_mismatch', at, firstIsOne(Number(index.value)), '1')
  return { kind: 'subscript', type: withNullable(element, true), object, index }
}

function firstIsOne(index: number): string {
  const message = 'The first element of an array has the position 1'
  return index === 0 ? message : `${message}; from the end they are counted by element_at(array, -1)`
}

function ofMap(object: Typed, type: MapType, found: Typed, at: Syntax, checking: Checking): Checked {
  const index = expectType({ syntax: at, typed: found }, type.key, 'A key of this map', checking)
  return index && { kind: 'subscript', type: withNullable(type.value, true), object, index }
}
