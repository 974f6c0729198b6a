import type { RawRecord } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { REFERENCE_LIMIT, ReferenceTable, ReferenceTooLargeError } from './reference-table.ts'

const utf8 = new TextEncoder()

function record(key: string | Uint8Array | null, value: string | null): RawRecord {
  const bytes = (text: string | Uint8Array | null) => (typeof text === 'string' ? utf8.encode(text) : text)
  return { topic: 'users', partition: 0, offset: 0, timestamp: 0, key: bytes(key), value: bytes(value) }
}

function table(): ReferenceTable {
  const { fields } = stream({ id: 'int64 not null', region: 'string' })
  return new ReferenceTable({ topic: 'users', fields, keyField: 'id', keep: ['region'] })
}

describe('a reference table', () => {
  it('keeps the newest row of a key, and only the fields that are asked for', () => {
    const users = table()
    users.accept(record('1', '{"id":1,"region":"EU"}'))
    users.accept(record('1', '{"id":1,"region":"US"}'))
    expect(users.get('1')).toEqual(['US'])
    expect(users.get('2')).toBe(undefined)
  })

  it('forgets a row at its tombstone', () => {
    const users = table()
    users.accept(record('1', '{"id":1,"region":"EU"}'))
    users.accept(record('1', null))
    users.accept(record('2', null))
    expect(users.get('1')).toBe(undefined)
  })

  it.each<[string, RawRecord, string]>([
    ['has no key', record(null, '{"id":1}'), 'no_key'],
    ['has a key that is no text', record(new Uint8Array([0xff]), '{"id":1}'), 'key_mismatch'],
    ['has another key than its row', record('1', '{"id":2,"region":"US"}'), 'key_mismatch'],
    ['has a key that spells its number differently', record('01', '{"id":1,"region":"US"}'), 'key_mismatch'],
    ['is no JSON', record('1', 'EU'), 'not_json'],
    ['lacks a field', record('1', '{"region":"US"}'), 'missing_field'],
  ])('refuses a record that %s, and keeps the row', (_, bad, code) => {
    const users = table()
    users.accept(record('1', '{"id":1,"region":"EU"}'))
    expect(() => users.accept(bad)).toThrow(expect.objectContaining({ code }))
    expect(users.get('1')).toEqual(['EU'])
  })

  it('stops at more rows than a task may hold, but still takes changes', () => {
    const users = table()
    for (let id = 0; id < REFERENCE_LIMIT; id++) users.accept(record(String(id), `{"id":${id}}`))
    users.accept(record('7', '{"id":7,"region":"EU"}'))
    expect(users.get('7')).toEqual(['EU'])
    const attempt = () => users.accept(record('x', `{"id":${REFERENCE_LIMIT}}`))
    expect(attempt).toThrow(expect.objectContaining({ code: 'key_mismatch' }))
    const tooMany = () => users.accept(record(String(REFERENCE_LIMIT), `{"id":${REFERENCE_LIMIT}}`))
    expect(tooMany).toThrow(ReferenceTooLargeError)
    expect(tooMany).toThrow(
      expect.objectContaining({ code: 'reference_too_large', domain: 'user', retry: 'never' }),
    )
    users.accept(record('8', null))
    expect(tooMany).not.toThrow()
  })
})
