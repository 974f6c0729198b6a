import { fails, refused } from '../outcome.ts'
import { type FunctionRows, NULL_TEXT, NULL_TEXTS } from './constants.ts'

const NULL_MAP = 'cast(null as map<string, int64>)'

export const MAP_ROWS: FunctionRows = {
  map_concat: [
    [
      "map_concat(map_from_arrays(array('a', 'b'), array(1, 2)), map_from_arrays(array('b'), array(3)))",
      ['a', 1, 'b', 3],
    ],
    ["map_concat(map_from_arrays(array('a'), array(1)))", ['a', 1]],
    [`map_concat(labels, ${NULL_MAP})`, null],
    [
      'map_size(map_concat(map_from_arrays(sequence(1, 65535), sequence(1, 65535)), map_from_arrays(array(0), array(0))))',
      65536,
    ],
    [
      'map_concat(map_from_arrays(sequence(1, 65536), sequence(1, 65536)), map_from_arrays(array(0), array(0)))',
      fails('result_too_long'),
    ],
    ['map_concat(labels, stock)', refused('type_mismatch')],
  ],
  map_contains_key: [
    ["map_contains_key(map_from_arrays(array('a'), array(nothing)), 'a')", true],
    ["map_contains_key(map_from_arrays(array('a'), array(1)), 'b')", false],
    ["map_contains_key(map_from_arrays(array('a'), array(1)), '__proto__')", false],
    ['map_contains_key(map_from_arrays(array(9007199254740993), array(1)), 9007199254740993)', true],
    ["map_contains_key(tariff, decimal '99.99')", false],
    ["map_contains_key(tariff, decimal '1.5')", true],
    [`map_contains_key(labels, ${NULL_TEXT})`, null],
    [`map_contains_key(${NULL_MAP}, 'a')`, null],
    ['map_contains_key(labels, 1)', refused('type_mismatch')],
  ],
  map_entries: [
    ["map_entries(map_from_arrays(array('a'), array(1)))", [['a', 1]]],
    ["map_entries(map_from_arrays(array('a', 'b'), array(1, 2)))[2].key", 'b'],
    ["map_entries(map_from_arrays(split('', ','), split('', ',')))", []],
    [`map_entries(${NULL_MAP})`, null],
    ['map_entries(tags)', refused('type_mismatch')],
  ],
  map_from_arrays: [
    ["map_from_arrays(array('a', 'b'), array(1, 2))", ['a', 1, 'b', 2]],
    ["map_from_arrays(array('a', 'a'), array(1, 2))", ['a', 2]],
    ["map_from_arrays(array('__proto__'), array(1))['__proto__']", 1],
    ["map_from_arrays(array('a'), array(1, 2))", null],
    ['map_from_arrays(tags, array(1, 2))', null],
    [
      "map_from_arrays(sequence(1, 20), transform(sequence(1, 20), i -> repeat('a', 50000)))[20] is null",
      false,
    ],
    [
      "map_from_arrays(sequence(1, 20), transform(sequence(1, 20), i -> repeat('a', 65536)))",
      fails('result_too_long'),
    ],
    [`map_from_arrays(${NULL_TEXTS}, array(1))`, null],
    ["map_from_arrays(array(1.5), array('a'))", refused('type_mismatch')],
  ],
  map_keys: [
    ["map_keys(map_from_arrays(array('a', 'b'), array(1, 2)))", ['a', 'b']],
    [`map_keys(${NULL_MAP})`, null],
    ['map_keys(map_from_arrays(sequence(1, 0), sequence(1, 0)))', []],
    ['map_keys(tags)', refused('type_mismatch')],
  ],
  map_size: [
    ["map_size(map_from_arrays(array('a', 'b', 'a'), array(1, 2, 3)))", 2],
    ['map_size(map_from_arrays(sequence(1, 0), sequence(1, 0)))', 0],
    [`map_size(${NULL_MAP})`, null],
    ['map_size(1)', refused('type_mismatch')],
  ],
  map_values: [
    ["map_values(map_from_arrays(array('a', 'b'), array(1, nothing)))", [1, null]],
    [`map_values(${NULL_MAP})`, null],
    ['map_values(map_from_arrays(sequence(1, 0), sequence(1, 0)))', []],
    ['map_values()', refused('argument_count')],
  ],
}
