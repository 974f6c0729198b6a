import { describe, expect, it } from 'vitest'
import { EVENT_FIELDS, eventRow } from '../testing/event.ts'
import { keyReader } from './key-of.ts'

describe('keyReader', () => {
  it('reads the text of one field after another', () => {
    const keyOf = keyReader(EVENT_FIELDS, ['key'])
    expect(['a', 'ß', null].map((key) => keyOf(eventRow({ at: 0, key })))).toEqual(['a', 'ß', '\u0000'])
  })

  it('gives all rows of an empty key the same text', () => {
    expect(keyReader(EVENT_FIELDS, [])(eventRow({ at: 0, key: 'a' }))).toBe('')
  })

  it('refuses a field that the rows do not have', () => {
    expect(() => keyReader(EVENT_FIELDS, ['region'])).toThrow('key field region')
  })
})
