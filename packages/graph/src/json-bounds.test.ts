import { describe, expect, it } from 'vitest'
import { explainUnsafeJson } from './json-bounds.ts'

/** An object in an object and so on, `levels` of them. */
function nested(levels: number): unknown {
  return levels === 0 ? 1 : { inner: nested(levels - 1) }
}

describe('explainUnsafeJson', () => {
  it('lets JSON pass', () => {
    const text = '{"a": [1, -0.5, true, null, "é🌊", {}], "": "", "__proto__": {"constructor": []}}'
    expect(explainUnsafeJson(JSON.parse(text))).toBe(null)
    expect(explainUnsafeJson(Object.create(null))).toBe(null)
  })

  it('stops at 40 levels, also far beyond what a stack can hold', () => {
    const tooDeep = 'is nested deeper than 40 levels'
    expect(explainUnsafeJson(nested(40))).toBe(null)
    expect(explainUnsafeJson(nested(41))).toBe(tooDeep)
    expect(explainUnsafeJson(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toBe(tooDeep)
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(explainUnsafeJson(circle)).toBe(tooDeep)
  })

  it('stops at a million values, the whole included', () => {
    expect(explainUnsafeJson(Array(999_999).fill(0))).toBe(null)
    expect(explainUnsafeJson(Array(1_000_000).fill(0))).toBe('has more than 1000000 values')
    expect(explainUnsafeJson(Array(1_001).fill(Array(1_000).fill(0)))).toBe('has more than 1000000 values')
  })

  const unsafe: [string, unknown, string][] = [
    ['a date', new Date(0), 'has an object that is not plain'],
    ['a map', new Map(), 'has an object that is not plain'],
    ['a number that is none', Number.NaN, 'has a number that is not finite'],
    ['an infinite number', Number.NEGATIVE_INFINITY, 'has a number that is not finite'],
    ['a function', () => 1, 'has a value of type function, which JSON does not know'],
    ['nothing at all', undefined, 'has a value of type undefined, which JSON does not know'],
    ['a bigint', 1n, 'has a value of type bigint, which JSON does not know'],
    ['a symbol', Symbol('x'), 'has a value of type symbol, which JSON does not know'],
    ['half a character', '\ud800', 'has text with half a character (a lone surrogate)'],
    ['U+0000', 'a\0', 'has text with the character U+0000'],
  ]

  it.each(unsafe)('refuses %s, alone, in a list and in an object', (_what, value, problem) => {
    expect(explainUnsafeJson(value)).toBe(problem)
    expect(explainUnsafeJson([1, value])).toBe(problem)
    expect(explainUnsafeJson({ a: 1, b: { c: value } })).toBe(problem)
  })

  it('refuses unsafe text also in a name', () => {
    expect(explainUnsafeJson({ 'a\0': 1 })).toBe('has text with the character U+0000')
    expect(explainUnsafeJson({ '\udfff': 1 })).toBe('has text with half a character (a lone surrogate)')
  })
})
