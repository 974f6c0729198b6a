import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../testing/hex.ts'
import { ByteReader, CodecError } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

type Write = (writer: ByteWriter) => void
type Read = (reader: ByteReader) => unknown

function written(write: Write): Uint8Array {
  const writer = new ByteWriter()
  write(writer)
  return writer.finish()
}

const readers = {
  byte: (reader: ByteReader) => reader.byte(),
  flag: (reader: ByteReader) => reader.flag(),
  varint: (reader: ByteReader) => reader.varint(),
  int64: (reader: ByteReader) => reader.int64(),
  double: (reader: ByteReader) => reader.double(),
  text: (reader: ByteReader) => reader.text(),
  bytes: (reader: ByteReader) => reader.bytes(),
} satisfies { [name: string]: Read }

/** A value of each kind, as it stands in topics for ever. */
const golden: readonly (readonly [keyof typeof readers, unknown, hex: string])[] = [
  ['byte', 0, '00'],
  ['byte', 255, 'ff'],
  ['varint', 0, '00'],
  ['varint', 127, '7f'],
  ['varint', 128, '8001'],
  ['varint', 300, 'ac02'],
  ['varint', 2 ** 31 - 1, 'ffffffff07'],
  ['int64', 0, '0000000000000000'],
  ['int64', 1, '0000000000000001'],
  ['int64', -1, 'ffffffffffffffff'],
  ['int64', 2 ** 32, '0000000100000000'],
  ['int64', -(2 ** 32) - 1, 'fffffffeffffffff'],
  ['int64', Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
  ['int64', Number.MIN_SAFE_INTEGER, 'ffe0000000000001'],
  ['int64', 2n ** 53n, '0020000000000000'],
  ['int64', -(2n ** 53n), 'ffe0000000000000'],
  ['int64', 2n ** 53n + 1n, '0020000000000001'],
  ['int64', 2n ** 63n - 1n, '7fffffffffffffff'],
  ['int64', -(2n ** 63n), '8000000000000000'],
  ['double', 0, '0000000000000000'],
  ['double', -0, '8000000000000000'],
  ['double', 1.5, '3ff8000000000000'],
  ['double', Number.POSITIVE_INFINITY, '7ff0000000000000'],
  ['double', Number.NEGATIVE_INFINITY, 'fff0000000000000'],
  ['double', Number.NaN, '7ff8000000000000'],
  ['double', Number.MIN_VALUE, '0000000000000001'],
  ['text', '', '00'],
  ['text', 'ab', '026162'],
  ['text', 'é', '02c3a9'],
  ['text', '\u{1f600}', '04f09f9880'],
  ['text', '\ufeffa', '04efbbbf61'],
  ['text', '\u0000', '0100'],
  ['bytes', new Uint8Array(), '00'],
  ['bytes', Uint8Array.of(0, 255), '0200ff'],
]

describe('ByteWriter and ByteReader', () => {
  it.each(golden)('write and read the %s %s as %s', (kind, value, hex) => {
    expect(toHex(written((writer) => writer[kind as 'double'](value as number)))).toBe(hex)
    const reader = new ByteReader(fromHex(hex))
    expect(readers[kind](reader)).toStrictEqual(value)
    expect(() => reader.end()).not.toThrow()
  })

  it('read a copy, so that the message can be let go', () => {
    const message = fromHex('0200ff')
    expect(new ByteReader(message).bytes().buffer).not.toBe(message.buffer)
    // A buffer of Node gives a view as its slice.
    const ofNode = Object.assign(fromHex('0200ff'), { slice: Uint8Array.prototype.subarray })
    expect(new ByteReader(ofNode).bytes().buffer).not.toBe(ofNode.buffer)
  })

  it('read a message that is part of a larger buffer', () => {
    const reader = new ByteReader(fromHex('ff 0000000000000007 0161 ff').subarray(1, 11))
    expect([reader.int64(), reader.text()]).toEqual([7, 'a'])
    expect(() => reader.end()).not.toThrow()
  })

  it('take texts of every length around the places where the way of writing changes', () => {
    for (const unit of ['a', 'é', '€', '\u{1f600}']) {
      for (const length of [1, 11, 12, 13, 42, 62, 63, 64, 65, 127, 128, 400, 20_000]) {
        const text = unit.repeat(length)
        expect(new ByteReader(written((writer) => writer.text(text))).text()).toBe(text)
      }
    }
  })

  it('keep what was written before the buffer grew', () => {
    const bytes = written((writer) => {
      writer.int64(-5)
      writer.bytes(new Uint8Array(5_000).fill(7))
      writer.text('x'.repeat(5_000))
    })
    const reader = new ByteReader(bytes)
    expect(reader.int64()).toBe(-5)
    expect(reader.bytes()).toEqual(new Uint8Array(5_000).fill(7))
    expect(reader.text()).toBe('x'.repeat(5_000))
  })

  it('finish with a copy that a later message leaves alone', () => {
    const writer = new ByteWriter()
    writer.text('first')
    const first = writer.finish()
    writer.reset()
    writer.text('second message')
    expect(new ByteReader(first).text()).toBe('first')
    expect(new ByteReader(writer.finish()).text()).toBe('second message')
  })

  it('take back every int64 and every double', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.double(), (whole, double) => {
        const isSafe = whole >= -(2n ** 53n) + 1n && whole <= 2n ** 53n - 1n
        const canonical = isSafe ? Number(whole) : whole
        const bytes = written((writer) => {
          writer.int64(canonical)
          writer.double(double)
        })
        const reader = new ByteReader(bytes)
        expect(reader.int64()).toBe(canonical)
        expect(reader.double()).toBe(double)
      }),
    )
  })
})

describe('ByteReader', () => {
  it.each([
    ['a byte of nothing', '', readers.byte],
    ['an int64 of seven bytes', '00000000000000', readers.int64],
    ['a double of seven bytes', '00000000000000', readers.double],
    ['a length that does not end', '80', readers.varint],
    ['a length of six bytes', '808080808001', readers.varint],
    ['a length of 2^31', '8080808008', readers.varint],
    ['a text shorter than its length', '036162', readers.text],
    ['bytes shorter than their length', '036162', readers.bytes],
    ['a text that is no UTF-8', '02c328', readers.text],
    ['a long text that is no UTF-8', `40${'61'.repeat(63)}ff`, readers.text],
    ['a text that ends within a character', '02e282', readers.text],
    ['a flag of 2', '02', readers.flag],
  ])('refuses %s', (_, hex, read: Read) => {
    expect(() => read(new ByteReader(fromHex(hex)))).toThrow(CodecError)
  })

  it('refuses what stands behind the end', () => {
    const reader = new ByteReader(fromHex('0100'))
    reader.byte()
    expect(() => reader.end()).toThrow('goes on behind its end')
  })

  it('refuses a list that cannot be in the rest of the message', () => {
    expect(new ByteReader(fromHex('02 00000000')).elements(2)).toBe(2)
    expect(() => new ByteReader(fromHex('03 00000000')).elements(2)).toThrow(CodecError)
  })

  it('refuses a list without bytes that is longer than any message', () => {
    expect(() => new ByteReader(fromHex('ffffffff07')).elements(0)).toThrow(CodecError)
  })
})
