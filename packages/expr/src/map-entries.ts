import { limitElements } from './limit-result.ts'
import type { Value } from './value.ts'

/** A map at run time: key, value, key, value and so on, each key once. */
type Entries = readonly Value[]

/** The keys of a map. */
export function keysOfMap(entries: Entries): readonly Value[] {
  return entries.filter((_, i) => i % 2 === 0)
}

/** The values of a map. */
export function valuesOfMap(entries: Entries): readonly Value[] {
  return entries.filter((_, i) => i % 2 === 1)
}

/** The entries of a map as structs of a key and a value. */
export function entriesOfMap(entries: Entries): readonly Value[] {
  return Array.from({ length: entries.length / 2 }, (_, i) => entries.slice(2 * i, 2 * i + 2))
}

/** True if the map has an entry of this key. */
export function containsKey(entries: Entries, key: Value): boolean {
  for (let i = 0; i < entries.length; i += 2) if (entries[i] === key) return true
  return false
}

/** The map of keys and values, of those of one key the last; null where a key is null or the lengths differ. */
export function mapFromArrays(keys: readonly Value[], values: readonly Value[]): Entries | null {
  if (keys.length !== values.length || keys.includes(null)) return null
  return flatten(new Map(keys.map((key, i) => [key, values[i] as Value])))
}

/** The entries of maps, of those of one key the last; throws `result_too_long`. */
export function concatMaps(...maps: Entries[]): Entries {
  const result = new Map<Value, Value>()
  for (const entries of maps)
    for (let i = 0; i < entries.length; i += 2) result.set(entries[i] as Value, entries[i + 1] as Value)
  limitElements(result.size)
  return flatten(result)
}

function flatten(map: ReadonlyMap<Value, Value>): Entries {
  return [...map].flat(1) as Entries
}
