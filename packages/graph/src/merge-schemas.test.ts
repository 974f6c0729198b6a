import { arrayOf, type DataType, decimal, mapOf, scalar, structOf } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { mergeSchemas } from './merge-schemas.ts'
import type { StreamSchema } from './stream-schema.ts'

function stream(fields: { [name: string]: DataType }, rest: Partial<StreamSchema> = {}): StreamSchema {
  const list = Object.entries(fields).map(([name, type]) => ({ name, type }))
  return { fields: list, partitionedBy: null, eventTimeField: null, ...rest }
}

const text = scalar('string', false)
const maybeText = scalar('string', true)

describe('mergeSchemas', () => {
  it('makes nullable, at every level, what is nullable in any stream', () => {
    const strict = stream({
      a: text,
      b: arrayOf(text, false),
      c: structOf([{ name: 'd', type: text }], false),
      e: mapOf(text, text, false),
    })
    const loose = stream({
      a: text,
      b: arrayOf(maybeText, false),
      c: structOf([{ name: 'd', type: maybeText }], true),
      e: mapOf(text, maybeText, true),
    })
    expect(mergeSchemas([strict, loose])).toEqual({ ok: true, schema: loose })
    expect(mergeSchemas([loose, strict, strict])).toEqual({ ok: true, schema: loose })
  })

  it('keeps decimals of another size apart', () => {
    const merged = mergeSchemas([stream({ a: decimal(10, 2) }), stream({ a: decimal(10, 3) })])
    expect(merged).toMatchObject({ ok: false, difference: '"a" does not have the same type in all of them' })
  })

  it('forgets how rows are partitioned', () => {
    const keyed = stream({ a: text }, { partitionedBy: ['a'] })
    expect(mergeSchemas([keyed, keyed])).toMatchObject({ schema: { partitionedBy: null } })
  })

  it('refuses streams that correct their rows, even with the same key', () => {
    const updating = stream({ a: text }, { updates: { key: ['a'], before: true } })
    for (const pair of [
      [updating, stream({ a: text })],
      [stream({ a: text }), updating],
      [updating, updating],
    ])
      expect(mergeSchemas(pair)).toMatchObject({ ok: false, difference: expect.stringContaining('corrects') })
  })

  it('keeps the event time only where all agree on it', () => {
    const timed = stream({ a: text }, { eventTimeField: 'a' })
    expect(mergeSchemas([timed, timed])).toMatchObject({ schema: { eventTimeField: 'a' } })
    expect(mergeSchemas([timed, stream({ a: text })])).toMatchObject({ schema: { eventTimeField: null } })
  })

  const different: [string, StreamSchema, StreamSchema, string][] = [
    ['a field more', stream({ a: text }), stream({ a: text, b: text }), '"b" is not in all of them'],
    ['a field less', stream({ a: text, b: text }), stream({ b: text }), '"a" is not in all of them'],
    [
      'another type',
      stream({ a: text }),
      stream({ a: scalar('int64') }),
      '"a" does not have the same type in all of them',
    ],
    [
      'another order',
      stream({ a: text, b: text }),
      stream({ b: text, a: text }),
      'the fields do not stand in the same order',
    ],
  ]

  it.each(different)('refuses %s', (_what, first, second, difference) => {
    expect(mergeSchemas([first, second])).toEqual({ ok: false, difference })
  })
})
