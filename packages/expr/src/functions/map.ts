import {
  concatMaps,
  containsKey,
  entriesOfMap,
  keysOfMap,
  mapFromArrays,
  valuesOfMap,
} from '../map-entries.ts'
import { bigint } from '../sql/call-sql.ts'
import { MAP_CONTAINS_KEY, MAP_FROM_ARRAYS } from '../sql/map.ts'
import { arrayOf, type DataType, type MapType, structOf } from '../type.ts'
import type { Value } from '../value.ts'
import { type FunctionRow, type ResultRule, row, strict } from './function.ts'

const ENTRIES: ResultRule = { name: 'array', typeFor: ([map]) => entriesType(map as MapType) }

function entriesType({ key, value }: MapType): DataType {
  const entry = structOf(
    [
      { name: 'key', type: key },
      { name: 'value', type: value },
    ],
    false,
  )
  return arrayOf(entry, false)
}

/** Functions of maps, whose entries stand in the order in which they came; the value of a key is `map[key]`. */
// biome-ignore format: one row a line, columns aligned
export const MAP_FUNCTIONS: readonly FunctionRow[] = [
  row('map_concat',       ['map<K, V>', 'map<K, V>…'], 'map<K, V>', 'any',    strict(concatMaps),    'MAP_UNION($*)',              'The entries of the maps; of those with one key the last.',                     "map_concat(labels, labels)['a'] = labels['a']"),
  row('map_contains_key', ['map<K, V>', 'K'],          'boolean',   'any',    strict(containsKey),   MAP_CONTAINS_KEY,             'True if the map has an entry of this key, even if its value is null.', "map_contains_key(map_from_arrays(array('a'), array(1)), 'a')"),
  row('map_entries',      ['map<K, V>'],               ENTRIES,     'any',    strict(entriesOfMap),  'MAP_ENTRIES($1)',            'The entries as structs of a key and a value.',                                 "map_entries(map_from_arrays(array('a'), array(1)))[1].value = 1"),
  row('map_from_arrays',  ['array<K>', 'array<V>'],    'map<K, V>', 'always', strict(mapFromArrays), MAP_FROM_ARRAYS,              'The map of keys and their values, of those of one key the last; null if a key is null or the arrays differ in length.', "map_from_arrays(array('a', 'b'), array(1, 2))['b'] = 2"),
  row('map_keys',         ['map<K, V>'],               'array<K>',  'any',    strict(keysOfMap),     'MAP_KEYS($1)',               'The keys.',                                                                    "array_contains(map_keys(map_from_arrays(array('a'), array(1))), 'a')"),
  row('map_size',         ['map<K, V>'],               'int64',     'any',    strict((map: readonly Value[]) => map.length / 2), bigint('CARDINALITY($1)'), 'The number of entries.',               "map_size(map_from_arrays(array('a'), array(1))) = 1"),
  row('map_values',       ['map<K, V>'],               'array<V>',  'any',    strict(valuesOfMap),   'MAP_VALUES($1)',             'The values.',                                                                  "map_values(map_from_arrays(array('a'), array(1)))[1] = 1"),
]
