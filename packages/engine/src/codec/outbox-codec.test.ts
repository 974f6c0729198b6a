import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../testing/hex.ts'
import { CodecError } from './byte-reader.ts'
import { decodeOutbox, encodeOutbox, type OutboxEntry } from './outbox-codec.ts'

const written: OutboxEntry = {
  document: { op: 'index', target: 'orders', id: 'é', body: '{}' },
  sourceTime: 1.5,
  origin: { topic: 't', partition: 1, offset: 2 },
}
const deleted: OutboxEntry = {
  document: { op: 'delete', target: 'o', id: '1', body: null },
  sourceTime: 0,
  origin: null,
}

const WRITTEN = '01 00 06 6f7264657273 02 c3a9 3ff8000000000000 01 01 74 01 0000000000000002 02 7b7d'
const DELETED = '01 01 01 6f 01 31 0000000000000000 00 00'

describe('outbox entries', () => {
  it.each([
    ['a document', written, WRITTEN],
    ['a deletion', deleted, DELETED],
  ])('write and read %s', (_, entry, hex) => {
    expect(toHex(encodeOutbox(entry))).toBe(hex.replaceAll(' ', ''))
    expect(decodeOutbox(fromHex(hex))).toEqual(entry)
  })

  it('take a large document', () => {
    const document = { ...written.document, body: `{"text":"${'ä'.repeat(500_000)}"}` }
    expect(decodeOutbox(encodeOutbox({ ...written, document })).document).toEqual(document)
  })

  it.each([
    ['nothing', ''],
    ['another version', WRITTEN.replace('01', '02')],
    ['another operation', WRITTEN.replace('01 00', '01 02')],
    ['an entry cut short', WRITTEN.slice(0, -3)],
    ['bytes behind the entry', `${DELETED} 00`],
  ])('refuse %s', (_, hex) => {
    expect(() => decodeOutbox(fromHex(hex))).toThrow(CodecError)
  })
})
