import { arrayOf, type DataType, decimal, mapOf, scalar, structOf } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { mergeSchemas } from './merge-schemas.ts'
import type { StreamSchema } from './stream-schema.ts'

function stream(fields: { [name: string]: DataType }, rest: Partial<StreamSchema> = {}): StreamSchema {
  const list = Object.entries(fields).map(([name, type]) => ({ name, type }))
  return { fields: list, partitionedBy: null, eventTimeField: null, ...rest }
}

/** Merges streams that are called "a", "b" and so on. */
function merge(schemas: readonly StreamSchema[], fillMissing = false) {
  return mergeSchemas(
    schemas.map((schema, i) => ({ name: `"${'abc'[i]}"`, schema })),
    fillMissing,
  )
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
    expect(merge([strict, loose])).toEqual({ ok: true, schema: loose })
    expect(merge([loose, strict, strict])).toEqual({ ok: true, schema: loose })
  })

  it('keeps decimals of another size apart', () => {
    const merged = merge([stream({ a: decimal(10, 2) }), stream({ a: decimal(10, 3) })])
    expect(merged).toMatchObject({
      ok: false,
      difference: '"a" is decimal(10, 2) in "a" and decimal(10, 3) in "b"',
    })
  })

  it('forgets how rows are partitioned', () => {
    const keyed = stream({ a: text }, { partitionedBy: ['a'] })
    expect(merge([keyed, keyed])).toMatchObject({ schema: { partitionedBy: null } })
  })

  it('refuses streams that correct their rows, even with the same key', () => {
    const updating = stream({ a: text }, { updates: { key: ['a'], before: true } })
    for (const pair of [
      [updating, stream({ a: text })],
      [stream({ a: text }), updating],
      [updating, updating],
    ])
      expect(merge(pair)).toMatchObject({ ok: false, difference: expect.stringContaining('corrects') })
  })

  it('keeps the event time only where all agree on it', () => {
    const timed = stream({ a: text }, { eventTimeField: 'a' })
    expect(merge([timed, timed])).toMatchObject({ schema: { eventTimeField: 'a' } })
    expect(merge([timed, stream({ a: text })])).toMatchObject({ schema: { eventTimeField: null } })
  })

  it('takes fields by name, those of the first stream first', () => {
    const merged = merge([stream({ a: text, b: maybeText }), stream({ b: text, a: text })])
    expect(merged).toEqual({ ok: true, schema: stream({ a: text, b: maybeText }) })
  })

  it('fills what a stream lacks with null, where it may', () => {
    const merged = merge(
      [stream({ a: text, b: text }), stream({ c: text, a: text }), stream({ a: text })],
      true,
    )
    expect(merged).toEqual({ ok: true, schema: stream({ a: text, b: maybeText, c: maybeText }) })
  })

  const different: [string, StreamSchema, StreamSchema, string, boolean][] = [
    ['a field more', stream({ a: text }), stream({ a: text, b: text }), '"b" of "b" is missing in "a"', true],
    ['a field less', stream({ a: text, b: text }), stream({ b: text }), '"a" of "a" is missing in "b"', true],
    [
      'another type',
      stream({ a: text }),
      stream({ a: scalar('int64') }),
      '"a" is string in "a" and int64 in "b"',
      false,
    ],
    [
      'another order within a struct',
      stream({
        a: structOf([
          { name: 'x', type: text },
          { name: 'y', type: text },
        ]),
      }),
      stream({
        a: structOf([
          { name: 'y', type: text },
          { name: 'x', type: text },
        ]),
      }),
      '"a" is struct<x string not null, y string not null> in "a" and struct<y string not null, x string not null> in "b"',
      false,
    ],
  ]

  it.each(different)('refuses %s', (_what, first, second, difference, isMissing) => {
    expect(merge([first, second])).toEqual({ ok: false, difference, isMissing })
  })
})
