import { scalar } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../testing/hex.ts'
import { CodecError } from './byte-reader.ts'
import { createRowCodec } from './row-codec.ts'
import { decodeStateRow, decodeStateTimer, encodeStateRow } from './state-codec.ts'

const codec = createRowCodec([{ name: 'n', type: scalar('int64', false) }])

const TIMED = '01 01 fffffffffffffffe 0000000000000007'
const PLAIN = '01 00 0000000000000007'

describe('state rows', () => {
  it.each([
    ['with a timer', -2, TIMED],
    ['without a timer', undefined, PLAIN],
  ])('write and read a row %s', (_, timer, hex) => {
    expect(toHex(encodeStateRow({ row: [7], timer }, codec))).toBe(hex.replaceAll(' ', ''))
    expect(decodeStateRow(fromHex(hex), codec)).toEqual({ row: [7], timer })
    expect(decodeStateTimer(fromHex(hex))).toBe(timer)
  })

  it.each([
    ['nothing', ''],
    ['another version', PLAIN.replace('01', '02')],
    ['a timer mark of 2', PLAIN.replace('01 00', '01 02')],
    ['a timer cut short', '01 01 ffff'],
    ['a row cut short', PLAIN.slice(0, -3)],
    ['bytes behind the row', `${PLAIN} 00`],
  ])('refuse %s', (_, hex) => {
    expect(() => decodeStateRow(fromHex(hex), codec)).toThrow(CodecError)
  })
})
