import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeResponse, WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

function bytesOf(write: (writer: WireWriter) => void): Buffer {
  const writer = new WireWriter()
  write(writer)
  return Buffer.concat(writer.parts())
}

const field = fc.oneof(
  fc.record({ type: fc.constant('int8' as const), value: fc.integer({ min: -128, max: 127 }) }),
  fc.record({ type: fc.constant('int16' as const), value: fc.integer({ min: -32_768, max: 32_767 }) }),
  fc.record({ type: fc.constant('int32' as const), value: fc.integer() }),
  fc.record({ type: fc.constant('int64' as const), value: fc.maxSafeInteger() }),
  fc.record({
    type: fc.constant('bigint64' as const),
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  }),
  fc.record({ type: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant('unsignedVarint' as const), value: fc.nat(0xffffffff) }),
  fc.record({ type: fc.constant('string' as const), value: fc.string({ unit: 'grapheme', maxLength: 700 }) }),
  fc.record({
    type: fc.constant('nullableString' as const),
    value: fc.option(fc.string({ unit: 'grapheme' })),
  }),
  fc.record({
    type: fc.constant('uuid' as const),
    value: fc
      .uint8Array({ minLength: 16, maxLength: 16 })
      .map((bytes) => Buffer.from(bytes).toString('base64url')),
  }),
)

describe('WireWriter and WireReader', () => {
  it('bring every sequence of fields across', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 60 }), (fields) => {
        const bytes = bytesOf((writer) => {
          for (const { type, value } of fields) (writer[type] as (value: unknown) => void).call(writer, value)
        })
        const reader = new WireReader(bytes)
        expect(fields.map(({ type }) => reader[type]())).toEqual(fields.map(({ value }) => value))
      }),
    )
  })

  it('place record batches between the other fields without copying them', () => {
    const batch = Buffer.from('a record batch')
    const writer = new WireWriter().string('topic').records(batch).int32(7)
    expect(writer.parts()).toContain(batch)
    const reader = new WireReader(Buffer.concat(writer.parts()))
    expect([reader.string(), reader.nullableBytes()?.toString(), reader.int32()]).toEqual([
      'topic',
      'a record batch',
      7,
    ])
  })

  it('bring arrays across, a null one as empty', () => {
    const bytes = bytesOf((writer) =>
      writer.array([1, 2, 3], (item, inner) => inner.int32(item)).unsignedVarint(0),
    )
    const reader = new WireReader(bytes)
    expect(reader.array((inner) => inner.int32())).toEqual([1, 2, 3])
    expect(reader.array((inner) => inner.int32())).toEqual([])
  })

  it('read the tagged fields that are known and skip the others', () => {
    // Two fields: tag 9 with three bytes, tag 2 with an INT16.
    const reader = new WireReader(Buffer.from([2, 9, 3, 1, 2, 3, 2, 2, 1, 4, 42]))
    const seen: number[] = []
    reader.taggedFields({ 2: (inner) => seen.push(inner.int16()) })
    expect([...seen, reader.int8()]).toEqual([260, 42])
  })
})

describe('decodeResponse', () => {
  const cut: readonly (readonly [string, Buffer, (reader: WireReader) => unknown])[] = [
    ['ends inside a number', Buffer.from([0, 0]), (reader) => reader.int32()],
    ['ends inside a text', Buffer.from([9, 65]), (reader) => reader.string()],
    ['has an endless integer', Buffer.alloc(9, 0xff), (reader) => reader.unsignedVarint()],
    ['has null for a text', Buffer.from([0]), (reader) => reader.string()],
  ]

  it.each(cut)('reports a response that %s', (_name, body, decode) => {
    expect(() => decodeResponse('Test', body, decode)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_RESPONSE', context: { api: 'Test' } }),
    )
  })
})
