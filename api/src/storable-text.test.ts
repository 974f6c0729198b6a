import { expect, test } from 'vitest'
import { storableText } from './storable-text.ts'

test('control characters become one space', () => {
  expect(storableText('a\u0000\r\n\u001b[31mb')).toBe('a [31mb')
})

test('lone surrogates are replaced, also where a text is cut through a pair', () => {
  expect(storableText('a\ud800b')).toBe('a\ufffdb')
  expect(storableText('😀'.repeat(2_000)).isWellFormed()).toBe(true)
})

test('a long text is cut, a short one stays', () => {
  expect(storableText('x'.repeat(2_000))).toHaveLength(2_000)
  expect(storableText('x'.repeat(2_001))).toBe(`${'x'.repeat(1_999)}…`)
})
