import { expect, test } from 'vitest'
import { MASK, maskRecord, UNMASKABLE } from './mask-record.ts'

const tags = new Set(['email', 'address'])

test('masks the members that are named, whatever they hold, and keys that repeat them', () => {
  const value = '{"id":1,"email":"ada@example.org","address":{"city":"London"},"__proto__":2}'
  const masked = maskRecord({ key: 'u:ada@example.org', value }, tags)
  expect(masked.key).toBe(MASK)
  expect(masked.value).toBe(`{"id":1,"email":"${MASK}","address":"${MASK}","__proto__":2}`)
  expect(maskRecord({ key: 'order-1', value }, tags).key).toBe('order-1')
})

test('shows nothing of a value in which sensitive members cannot be found', () => {
  for (const value of ['email=ada@example.org', '[{"email":"ada@example.org"}]', '{"email":'])
    expect(maskRecord({ key: 'ada@example.org', value }, tags)).toEqual({ key: MASK, value: UNMASKABLE })
  expect(maskRecord({ key: 'ada@example.org', value: null }, tags)).toEqual({ key: MASK, value: null })
})

test('changes nothing where nothing is sensitive', () => {
  const record = { key: 'k', value: 'no json' }
  expect(maskRecord(record, new Set())).toEqual(record)
})
