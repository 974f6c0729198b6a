import { describe, expect, it } from 'vitest'
import { type ConfigEdit, editConfig } from './edit-config.ts'

const config = { size: 1, aggregates: [{ name: 'a' }, { name: 'b' }] }

describe('editConfig', () => {
  const cases: [string, ConfigEdit, unknown][] = [
    ['sets a member', { kind: 'set', path: ['size'], value: 2 }, { ...config, size: 2 }],
    ['adds a member', { kind: 'set', path: ['key'], value: null }, { ...config, key: null }],
    [
      'sets a member deep inside',
      { kind: 'set', path: ['aggregates', '1', 'name'], value: 'c' },
      { size: 1, aggregates: [{ name: 'a' }, { name: 'c' }] },
    ],
    [
      'replaces an entry',
      { kind: 'set', path: ['aggregates', '0'], value: 'x' },
      { size: 1, aggregates: ['x', { name: 'b' }] },
    ],
    [
      'appends an entry',
      { kind: 'set', path: ['aggregates', '2'], value: 'x' },
      { size: 1, aggregates: [...config.aggregates, 'x'] },
    ],
    ['removes a member', { kind: 'remove', path: ['size'] }, { aggregates: config.aggregates }],
    [
      'removes an entry',
      { kind: 'remove', path: ['aggregates', '0'] },
      { size: 1, aggregates: [{ name: 'b' }] },
    ],
    [
      'renames a member',
      { kind: 'rename', path: ['size'], name: 'length' },
      { aggregates: config.aggregates, length: 1 },
    ],
  ]

  it.each(cases)('%s', (_what, edit, expected) => {
    const before = JSON.stringify(config)
    expect(editConfig(config, edit)).toEqual(expected)
    expect(JSON.stringify(config)).toBe(before)
  })

  const nowhere: [string, ConfigEdit][] = [
    ['no path', { kind: 'set', path: [], value: 1 }],
    ['a missing parent', { kind: 'set', path: ['missing', 'x'], value: 1 }],
    ['an inherited parent', { kind: 'set', path: ['constructor', 'x'], value: 1 }],
    ['an index beyond the end', { kind: 'set', path: ['aggregates', '3'], value: 1 }],
    ['an index that is none', { kind: 'set', path: ['aggregates', 'length'], value: 1 }],
    ['an index with a leading zero', { kind: 'set', path: ['aggregates', '01'], value: 1 }],
    ['a parent beyond the end', { kind: 'set', path: ['aggregates', '2', 'x'], value: 1 }],
    ['a member of a number', { kind: 'set', path: ['size', 'x'], value: 1 }],
    ['removal of what is not there', { kind: 'remove', path: ['missing'] }],
    ['removal beyond the end', { kind: 'remove', path: ['aggregates', '2'] }],
    ['a rename to a name in use', { kind: 'rename', path: ['size'], name: 'aggregates' }],
    ['a rename of a list entry', { kind: 'rename', path: ['aggregates', '0'], name: 'x' }],
  ]

  it.each(nowhere)('gives null for %s', (_what, edit) => {
    expect(editConfig(config, edit)).toBe(null)
  })

  it('treats __proto__ as a name like any other', () => {
    const edited = editConfig({}, { kind: 'set', path: ['__proto__'], value: { polluted: 1 } })
    expect(JSON.stringify(edited)).toBe('{"__proto__":{"polluted":1}}')
    expect(Object.getPrototypeOf(edited)).toBe(Object.prototype)
    const deeper = editConfig(edited!, { kind: 'set', path: ['__proto__', 'polluted'], value: 2 })
    expect(JSON.stringify(deeper)).toBe('{"__proto__":{"polluted":2}}')
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(editConfig({}, { kind: 'set', path: ['__proto__', 'polluted'], value: 2 })).toBe(null)
  })
})
