import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EvaluationError } from './expression.ts'
import { compileLike, compileRegexp, likeShape, matchableText, readLike } from './pattern.ts'
import { like } from './testing/oracle.ts'

function matcher(result: ReturnType<typeof compileLike>) {
  if (!result.ok) throw new Error(result.message)
  return result.matches
}

function program(pattern: string) {
  const result = compileRegexp(pattern)
  if (!result.ok) throw new Error(result.message)
  return result.program
}

describe('compileLike', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '.', '\n', '%', '_'), maxLength: 7 })

  it('matches as the pattern reads, character by character', () => {
    fc.assert(
      fc.property(letters, letters, (text, pattern) => {
        expect(matcher(compileLike(pattern, null))(text)).toBe(like(text, pattern))
      }),
      { numRuns: 3000 },
    )
  })

  it('takes what stands behind the escape as it is', () => {
    const matches = matcher(compileLike('!%a!_!!%', '!'))
    expect(['%a_!', '%a_!x'].every(matches)).toBe(true)
    expect(['xa_!', '%ab!', '%a_x'].some(matches)).toBe(false)
  })

  it('takes one code point as escape, also one of two units', () => {
    expect(matcher(compileLike('😀%', '😀'))('%')).toBe(true)
    expect(compileLike('a', '').ok).toBe(false)
  })

  it.each(['equals', 'starts with', 'ends with', 'contains'])('knows the shape %s', (shape) => {
    const patterns: Record<string, string> = {
      equals: 'a',
      'starts with': 'a%%',
      'ends with': '%a',
      contains: '%a%',
    }
    expect(likeShape(readLike(patterns[shape] as string, null) ?? [])).toEqual({ shape, text: 'a' })
  })
})

describe('compileRegexp', () => {
  it('refuses what RE2 does not know, with its words', () => {
    expect(compileRegexp('(a')).toMatchObject({ ok: false })
    expect(compileRegexp('(?<!a)b')).toMatchObject({ ok: false })
    expect(compileRegexp('(a)\\1')).toMatchObject({ ok: false })
  })

  it('refuses patterns that are long or repeat a lot', () => {
    expect(compileRegexp('a'.repeat(1001))).toMatchObject({ ok: false })
    expect(compileRegexp('(a{50}){50}')).toMatchObject({ ok: false })
    expect(compileRegexp(`${'('.repeat(450)}a${')'.repeat(450)}`)).toMatchObject({ ok: true })
  })

  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(a|aa)+$',
    '(.*)*c',
    '(x+x+)+y',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(a?){30}a{30}',
  ])('is linear where others explode: %s', (pattern) => {
    expect(typeof program(pattern).test(`${'a'.repeat(60_000)}!`)).toBe('boolean')
  })

  it('fails on texts that would take long', () => {
    expect(matchableText('a'.repeat(65_536))).toHaveLength(65_536)
    expect(() => matchableText('a'.repeat(65_537))).toThrow(EvaluationError)
    expect(() => matcher(compileLike('_b', null))('a'.repeat(65_537))).toThrow(EvaluationError)
  })
})
