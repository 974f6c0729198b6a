import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { FIELDS, type Outcome, outcome, refused } from './testing/outcome.ts'
import { formatType } from './type-text.ts'

describe('subscripts', () => {
  it.each<[string, Outcome]>([
    ['tags[1]', 'new'],
    ['tags[2]', null],
    ['tags[3]', null],
    ['tags[qty - 2]', 'new'],
    ['tags[qty - 3]', null],
    ['tags[qty - 4]', null],
    ['tags[9223372036854775807]', null],
    ['tags[nothing]', null],
    ['tags[null]', null],
    ['numbers[2]', 9_007_199_254_740_993n],
    ['items[1].sku', 'sku-1'],
    ['items[2].qty', null],
    ['items[3].sku', null],
    ['amounts[1] + 1', 1350],
    ["labels['a']", 1],
    ["labels['b']", null],
    ["labels['c']", null],
    ["labels['__proto__']", null],
    ["labels['constructor']", null],
    ['labels[region]', null],
    ['labels[null]', null],
    ['stock[7]', 'seven'],
    ['stock[9007199254740993]', 'large'],
    ['stock[qty + 4]', 'seven'],
    ['stock[8]', null],
    ['tariff[1.5]', 'low'],
    ["tariff[decimal '1.50']", 'low'],
    ['tariff[1]', null],
    ['tariff[1.505]', refused('type_mismatch')],
    ["if(active, labels, labels)['a']", 1],
    ['tags[0]', refused('type_mismatch')],
    ['tags[-1]', refused('type_mismatch')],
    ["tags['a']", refused('type_mismatch')],
    ['tags[1.5]', refused('type_mismatch')],
    ['labels[1]', refused('type_mismatch')],
    ['qty[1]', refused('type_mismatch')],
    ['address[1]', refused('type_mismatch')],
    ['null[1]', refused('type_mismatch')],
    ['labels.a', refused('type_mismatch')],
    ['labels = labels', refused('type_mismatch')],
    ['tags[]', refused('syntax')],
    ['tags[1', refused('syntax')],
    ['tags[1, 2]', refused('syntax')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('may be null, whatever the elements are', () => {
    const typeOf = (text: string) => {
      const result = compile(text, FIELDS)
      return result.ok ? formatType(result.expression.type) : ''
    }
    expect(typeOf('stock[7]')).toBe('string')
    expect(typeOf('items[1]')).toBe('struct<sku string not null, qty int64>')
    expect(typeOf('items[1].sku')).toBe('string')
    expect(typeOf('labels')).toBe('map<string, int64>')
  })

  it('say where counting begins', () => {
    const message = (text: string) => {
      const result = compile(text, FIELDS)
      return result.ok
        ? undefined
        : { message: result.issues[0]?.message, fix: result.issues[0]?.fix?.replacement }
    }
    expect(message('tags[0]')).toEqual({
      message: 'The first element of an array has the position 1',
      fix: '1',
    })
    expect(message('tags[-1]')?.message).toContain('element_at(array, -1)')
  })

  it('name the fields that are read', () => {
    const result = compile("items[1].sku = 'a' and labels['a'] > address.geo.lat", FIELDS)
    expect(result.ok && result.expression.reads).toEqual([['items'], ['labels'], ['address', 'geo', 'lat']])
  })
})
