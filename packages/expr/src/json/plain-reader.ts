import type { ArrayType, DataType, Field } from '../type.ts'
import type { Value } from '../value.ts'
import { BYTE, NOT_PLAIN, skipSpace, skipWord } from './json-bytes.ts'
import { ObjectScanner } from './object-scanner.ts'
import { PLAIN_SCALARS, plainDecimalReader, type ReadPlain } from './plain-scalars.ts'

/**
 * How plain values of a type are read; null for types of which none is.
 *
 * @param levels of arrays and objects that a value may have
 */
export function plainReader(type: DataType, levels: number): ReadPlain | null {
  const read = notNullReader(type, levels)
  if (read === null) return null
  const { nullable } = type
  return (bytes, at, end, found) => {
    if (bytes[at] !== BYTE.null) return read(bytes, at, end, found)
    found.value = null
    return nullable ? skipWord(bytes, at) : NOT_PLAIN
  }
}

function notNullReader(type: DataType, levels: number): ReadPlain | null {
  if (type.kind === 'decimal') return plainDecimalReader(type)
  if (type.kind === 'array') return arrayReader(type, levels)
  if (type.kind === 'struct') return objectReader(type.fields, levels)
  return type.kind === 'map' ? null : PLAIN_SCALARS[type.kind]
}

function objectReader(fields: readonly Field[], levels: number): ReadPlain | null {
  const scanner = objectScanner(fields, levels)
  return scanner && ((bytes, at, end, found) => scanner.read(bytes, at, end, found))
}

/** Reads objects with these fields; null where a field has a type of which no value is plain. */
export function objectScanner(fields: readonly Field[], levels: number): ObjectScanner | null {
  const readers = fields.map(({ type }) => plainReader(type, levels - 1))
  if (levels < 1 || !readers.every((reader) => reader !== null)) return null
  return new ObjectScanner(fields, readers, levels - 1)
}

function arrayReader({ element }: ArrayType, levels: number): ReadPlain | null {
  const read = plainReader(element, levels - 1)
  if (read === null || levels < 1) return null
  return (bytes, from, end, found) => {
    if (bytes[from] !== BYTE.openArray) return NOT_PLAIN
    const elements: Value[] = []
    let at = skipSpace(bytes, from + 1, end)
    while (bytes[at] !== BYTE.closeArray) {
      at = read(bytes, at, end, found)
      if (at === NOT_PLAIN) return NOT_PLAIN
      elements.push(found.value)
      at = skipSpace(bytes, at, end)
      if (bytes[at] !== BYTE.comma) break
      at = skipSpace(bytes, at + 1, end)
      // A comma must not be the last.
      if (bytes[at] === BYTE.closeArray) return NOT_PLAIN
    }
    found.value = elements
    return bytes[at] === BYTE.closeArray ? at + 1 : NOT_PLAIN
  }
}
