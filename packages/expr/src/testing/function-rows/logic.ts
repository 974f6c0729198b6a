import { refused } from '../outcome.ts'
import { type FunctionRows, LARGEST, NAN, NULL_INT, SMALLEST } from './constants.ts'

export const LOGIC_ROWS: FunctionRows = {
  coalesce: [
    ['coalesce(null, 2, 3)', 2],
    ['coalesce(nothing, qty)', 3],
    [`coalesce(${NULL_INT}, nothing)`, null],
    ['coalesce(qty, abs(-9223372036854775808))', 3],
    ['coalesce(nothing, 1.5)', 1.5],
    ["coalesce(nothing, 'a')", refused('type_mismatch')],
    ['coalesce(null, null)', refused('type_mismatch')],
  ],
  greatest: [
    ['greatest(1, 3, 2)', 3],
    ['greatest(1, 2.5)', 2.5],
    ["greatest('a', 'b')", 'b'],
    ["greatest('\uffff', '😀')", '😀'],
    [`greatest(${LARGEST}, 1)`, 9_223_372_036_854_775_807n],
    [`greatest(1, ${NULL_INT})`, null],
    [`greatest(1.5, ${NAN})`, Number.NaN],
    [`greatest(${NAN}, 1.5)`, Number.NaN],
    ["greatest(ts, '1970-01-01') = ts", true],
    ["greatest(1, 'a')", refused('type_mismatch')],
    ['greatest(true, false)', refused('type_mismatch')],
  ],
  if: [
    ["if(2 > 1, 'a', 'b')", 'a'],
    ["if(null, 'a', 'b')", 'b'],
    ['if(false, abs(-9223372036854775808), 1)', 1],
    ['if(true, nothing, 1)', null],
    ['if(true, 1, 2.5)', 1],
    ['if(1, 2, 3)', refused('type_mismatch')],
    ['if(true, 1)', refused('argument_count')],
  ],
  least: [
    ['least(3, 1, 2)', 1],
    ["least('b', 'a')", 'a'],
    ["least('\uffff', '😀')", '\uffff'],
    [`least(${SMALLEST}, 1)`, -9_223_372_036_854_775_808n],
    [`least(1, ${NULL_INT})`, null],
    [`least(1.5, ${NAN})`, Number.NaN],
    ['least()', refused('argument_count')],
  ],
  nullif: [
    ["nullif('n/a', 'n/a')", null],
    ['nullif(1, 2)', 1],
    ['nullif(9007199254740993, 9007199254740992.0)', 9_007_199_254_740_993n],
    ['nullif(1152921504606846976, 1152921504606846976.0)', null],
    ['nullif(nothing, 1)', null],
    ['nullif(1, nothing)', 1],
    ["nullif(1, 'a')", refused('type_mismatch')],
  ],
}
