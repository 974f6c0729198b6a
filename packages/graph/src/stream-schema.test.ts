import { scalar } from '@millrace/expr'
import { expect, it } from 'vitest'
import { fieldIndex, fieldOf } from './stream-schema.ts'
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
