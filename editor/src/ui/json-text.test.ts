import { describe, expect, test } from 'vitest'
import { prettyJson } from './json-text.tsx'

describe('prettyJson', () => {
  test('breaks lines as people expect', () => {
    const value = { a: 1, b: ['x, y', { c: null }], d: {}, e: [], f: '"{' }
    expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
  })

  test('keeps the digits of large whole numbers', () => {
    expect(prettyJson('{"id":9223372036854775807}')).toContain('9223372036854775807')
  })

  test('leaves alone what is no JSON', () => {
    expect(prettyJson('{"a":')).toBe('{"a":')
  })
})
