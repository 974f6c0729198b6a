import { arrayOf, type Field, mapOf, type Row, scalar, structOf } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { resolvePath } from './row-path.ts'

const FIELDS: readonly Field[] = [
  { name: 'id', type: scalar('string') },
  { name: 'a.b', type: scalar('int64') },
  {
    name: 'items',
    type: arrayOf(structOf([{ name: 'sku', type: scalar('string') }])),
  },
  { name: 'tags', type: mapOf(scalar('string', false), scalar('int64')) },
]
const ROW: Row = ['x', 7, [['s-1'], null], ['red', 3]]

describe('a path into a row', () => {
  it.each([
    ['id', 'x'],
    ['a.b', 7],
    ['items.0.sku', 's-1'],
    ['items.1.sku', null],
    ['items.9.sku', null],
    ['tags.red', 3],
    ['tags.blue', null],
  ])('%s leads to its value', (path, value) => {
    const found = resolvePath(path, FIELDS)
    expect(typeof found === 'string' ? found : found.read(ROW)).toBe(value)
  })

  it.each([
    ['idd', 'There is no field "idd" here. Did you mean "id"?'],
    ['id.x', '"id.x" leads nowhere: what stands before "x" is one value.'],
    ['items.first', 'In "items.first", "first" must be a place in a list: 0, 1, 2 …'],
    ['items.0.price', '"items.0.price" leads nowhere: there is no "price" in it.'],
    ['constructor', 'There is no field "constructor" here.'],
  ])('%s is explained', (path, words) => {
    expect(resolvePath(path, FIELDS)).toBe(words)
  })
})
