import { scalar } from '@millrace/expr'
import { expect, it } from 'vitest'
import { fieldIndex, fieldOf, mayMoveUntold } from './stream-schema.ts'
import { textStream } from './testing/definitions.ts'

const stream = textStream(['orderId', 'region', '__proto__'])

it('finds a field and its position by name', () => {
  expect(fieldOf(stream, 'region')).toEqual({ name: 'region', type: scalar('string', false) })
  expect(fieldIndex(stream, 'region')).toBe(1)
  expect(fieldIndex(stream, '__proto__')).toBe(2)
})

it('finds nothing under a name that no field has', () => {
  expect(fieldOf(stream, 'constructor')).toBe(undefined)
  expect(fieldIndex(stream, 'constructor')).toBe(-1)
})

it.each([
  ['final rows', undefined, ['region'], false],
  ['rows that say what they were', { key: ['orderId'], before: true }, ['region'], false],
  ['rows held by their key', { key: ['orderId', 'region'], before: false }, ['region'], false],
  ['rows held by something else', { key: ['orderId'], before: false }, ['orderId', 'region'], true],
] as const)('tells whether %s may move untold', (_, updates, fields, may) => {
  expect(mayMoveUntold({ ...stream, updates }, fields)).toBe(may)
})
