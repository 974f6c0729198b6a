import { expect, test } from 'vitest'
import { incarnationOf, versionOf } from './version.ts'

test('a later document of the same incarnation wins', () => {
  expect(versionOf(1, 8)).toBeGreaterThan(versionOf(1, 7))
})

test('a later incarnation wins over every offset of an earlier one', () => {
  expect(versionOf(2, 0)).toBeGreaterThan(versionOf(1, 2 ** 48 - 1))
})

test('the incarnation can be read back', () => {
  expect(incarnationOf(versionOf(32_767, 2 ** 47))).toBe(32_767)
  expect(incarnationOf(versionOf(0, 12))).toBe(0)
})

test('the largest version is a positive int64, as Elasticsearch wants it', () => {
  expect(versionOf(32_767, 2 ** 48 - 1)).toBeLessThan(2n ** 63n)
})

test.each([-1, 32_768])('incarnation %i is refused', (incarnation) => {
  expect(() => versionOf(incarnation, 0)).toThrow(RangeError)
})
