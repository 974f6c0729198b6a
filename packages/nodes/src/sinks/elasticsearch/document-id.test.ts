import { decimal, scalar, type Value } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdWriter, isAmbiguous, parseIdTemplate } from './document-id.ts'

const fields = ['a', 'b', 'c'].map((name) => ({ name, type: scalar('string') }))

function write(template: string, row: readonly Value[]): string {
  const parsed = parseIdTemplate(template)
  if (parsed === null) throw new Error('no template')
  return createIdWriter(parsed, fields)(row)
}

describe('a template for ids', () => {
  it('has literal texts around its fields', () => {
    expect(parseIdTemplate('x-{a}/{odd name}!')).toEqual({
      texts: ['x-', '/', '!'],
      names: ['a', 'odd name'],
    })
  })

  it.each(['{', '}', '{}', '{a', 'a}', '{{a}', '{a}}'])('refuses %s', (text) => {
    expect(parseIdTemplate(text)).toBe(null)
  })

  it('is ambiguous where two fields touch', () => {
    const ambiguous = (text: string) => isAmbiguous(parseIdTemplate(text) ?? { texts: [], names: [] })
    expect([ambiguous('{a}{b}'), ambiguous('{a}-{b}'), ambiguous('{a}')]).toEqual([true, false, false])
  })
})

describe('a document id', () => {
  it('of one field is its text as it is', () => {
    expect(write('{a}', ['50% off - today'])).toBe('50% off - today')
    expect(write('order:{a}', ['a:b%'])).toBe('order:a:b%')
  })

  it('of a decimal is its number, whatever its scale', () => {
    const parsed = parseIdTemplate('{price}') ?? { texts: [], names: [] }
    expect(createIdWriter(parsed, [{ name: 'price', type: decimal(10, 2) }])([1250])).toBe('12.5')
  })

  it('marks separators within values', () => {
    expect(write('{a}-{b}', ['x-y', 'z-'])).toBe('x%2Dy-z-')
    expect(write('{a}%{b}', ['x%', 'y'])).toBe('x%25%y')
    expect(write('{a}🙂{b}', ['x🙂', 'y'])).toBe('x%F0%9F%99%82🙂y')
  })

  it('is never the same for different values', () => {
    const part = fc.string({ unit: fc.constantFrom('-', '_', '%', '2', 'D', 'a') })
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (one, other) => {
        fc.pre(one.some((text, i) => text !== other[i]))
        expect(write('{a}-{b}_D{c}', one)).not.toBe(write('{a}-{b}_D{c}', other))
      }),
    )
  })

  it('counts bytes, not characters', () => {
    expect(write('{a}', ['é'.repeat(256)])).toHaveLength(256)
    expect(() => write('{a}', ['é'.repeat(257)])).toThrow('514 bytes')
    expect(() => write('{a}', [''])).toThrow('0 bytes')
  })

  it('needs all its fields', () => {
    expect(() => write('{a}-{b}', ['x', null])).toThrow('"b", which is null')
  })
})
