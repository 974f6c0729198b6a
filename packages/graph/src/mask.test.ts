import { expect, test } from 'vitest'
import { MASK, maskMessage, maskRecord, UNMASKABLE } from './mask.ts'

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

test('leaves all else as it is written, and hides each member as often as it is there', () => {
  const value =
    '{ "big": 9223372036854775807, "a": [{"email":"x"}, "}"], "email" : "a\\"b", "email":{"x":[1,","]} }'
  expect(maskRecord({ key: null, value }, tags).value).toBe(
    `{ "big": 9223372036854775807, "a": [{"email":"x"}, "}"], "email" :"${MASK}", "email":"${MASK}"}`,
  )
  expect(maskRecord({ key: null, value: '{"\\u0065mail":"ada"}' }, tags).value).not.toContain('ada')
  expect(maskRecord({ key: null, value: ' {} ' }, tags).value).toBe(' {} ')
})

test.each([
  ["'it's 5 o'clock' cannot be read as double", `${MASK} cannot be read as double`],
  ['-5 + 9223372036854775807 leaves the range of int64', `${MASK} + ${MASK} leaves the range of int64`],
  [
    "failed to parse field [birth] of type [date] in document with id 'o-1'. Preview of field's value: 'ada",
    `failed to parse field ${MASK}`,
  ],
  ['For input string: "ada"', `For input string: ${MASK}`],
  ['born 2001-02-03T04:05:06Z too late', `born ${MASK} too late`],
  ['The record is no JSON', 'The record is no JSON'],
])('an error tells no value: %s', (message, shown) => {
  expect(maskMessage(message)).toBe(shown)
})
