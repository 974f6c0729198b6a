import { arrayOf, decimal, mapOf, scalar, structOf } from '@millrace/expr'
import { describe, expect, test } from 'vitest'
import { formatFull, formatValue } from './format-value.ts'
import { summarise, valuesAt } from './use-field-sample.ts'

const item = structOf([
  { name: 'sku', type: scalar('string') },
  { name: 'at', type: scalar('timestamp') },
])

describe('formatValue', () => {
  test('writes nested values by name on one line', () => {
    expect(formatValue([['a', 0], null], arrayOf(item))).toBe(
      '[{sku: a, at: 1970-01-01T00:00:00.000Z}, null]',
    )
  })

  test('writes whole numbers of any size exactly, and bytes by their length', () => {
    expect(formatFull(9223372036854775807n, scalar('int64'))).toBe('9223372036854775807')
    expect(formatFull(new Uint8Array(3), scalar('bytes'))).toBe('3 bytes')
    expect(formatValue(null, scalar('string'))).toBe('null')
  })

  test('writes decimals with all their places, and maps by their keys', () => {
    expect(formatValue(1250, decimal(10, 2))).toBe('12.50')
    expect(formatFull(10n ** 37n, decimal(38, 2))).toBe(`1${'0'.repeat(35)}.00`)
    expect(formatValue(['a', 150, 'b', null], mapOf(scalar('string'), decimal(4, 2)))).toBe(
      '{a: 1.50, b: null}',
    )
  })

  test('stays within bounds', () => {
    expect(formatValue('x'.repeat(10_000), scalar('string')).length).toBeLessThan(1_000)
  })
})

test('summarise tells the most frequent values and the largest number', () => {
  const field = { name: 'total', type: scalar('double') }
  expect(summarise([0, 12.5, 0, 1284.9, 12.5, 0], field)).toEqual(['0 · 3×', '12.5 · 2×', 'max 1284.9'])
  expect(summarise([5, 1250, 5], { name: 'price', type: decimal(10, 2) })).toEqual([
    '0.05 · 2×',
    '12.50',
    'max 12.50',
  ])
  expect(summarise(['b', 'a', 'b'], { name: 'x', type: scalar('string') })).toEqual(['b · 2×', 'a'])
})

test('valuesAt finds values in structs and in all elements of arrays', () => {
  const fields = [
    { name: 'items', type: arrayOf(item) },
    { name: 'tags', type: arrayOf(scalar('string')) },
  ]
  const row = [
    [['a', 0], null, ['b', 1]],
    ['x', null],
  ]
  expect(valuesAt(row, fields, ['items', 'sku'])).toEqual(['a', 'b'])
  expect(valuesAt(row, fields, ['tags'])).toEqual(['x', null])
  expect(valuesAt([null, null], fields, ['items', 'sku'])).toEqual([])
  expect(valuesAt(row, fields, ['items', 'price'])).toEqual([])
  expect(valuesAt(row, fields, ['tags', 'x'])).toEqual([])
  expect(valuesAt(row, fields, ['missing'])).toEqual([])
})
