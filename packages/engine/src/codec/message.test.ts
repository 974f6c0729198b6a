import { scalar } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asDeletion, asUpdate, NO_WATERMARK, type StreamRecord } from '../record.ts'
import { checkProperty } from '../testing/check-property.ts'
import { fromHex, toHex } from '../testing/hex.ts'
import { CodecError } from './byte-reader.ts'
import { decodeMessage, encodeRow, encodeWatermark, type Message } from './message.ts'
import { createRowCodec } from './row-codec.ts'

const texts = createRowCodec([{ name: 'text', type: scalar('string') }])
const numbers = createRowCodec([{ name: 'number', type: scalar('int64', false) }])

const origin = { topic: 'orders', partition: 3, offset: 1_000_000 }
const appended: StreamRecord = { row: ['a'], time: -1, sourceTime: 1.5, origin }
const combined: StreamRecord = { row: [7], time: 2 ** 40, sourceTime: 0, origin: null }

const APPENDED = '01 00 00 ffffffffffffffff 3ff8000000000000 01 06 6f7264657273 03 00000000000f4240 01 01 61'
const COMBINED = '01 00 01 0000010000000000 0000000000000000 00 0000000000000007'
const TOLD = '01 01 01 0000010000000000 0000000000000000 00 0000000000000006 0000000000000007'
const UNTOLD = '01 02 01 0000010000000000 0000000000000000 00 0000000000000007'
const DELETED = '01 03 00 ffffffffffffffff 3ff8000000000000 01 06 6f7264657273 03 00000000000f4240 01 01 61'
const BUSY = '01 04 02 02 7331 ac02 bff0000000000000 00'
const SILENT = '01 04 00 02 7331 00 fff0000000000000 01'

describe('messages between stages', () => {
  it('write a row with its origin', () => {
    expect(toHex(encodeRow(0, appended, texts))).toBe(APPENDED.replaceAll(' ', ''))
    expect(decodeMessage(fromHex(APPENDED), [texts, numbers])).toEqual({
      kind: 'row',
      input: 0,
      record: appended,
    })
  })

  it('write a row that was made of several records', () => {
    expect(toHex(encodeRow(1, combined, numbers))).toBe(COMBINED.replaceAll(' ', ''))
    expect(decodeMessage(fromHex(COMBINED), [texts, numbers])).toEqual({
      kind: 'row',
      input: 1,
      record: combined,
    })
  })

  it.each([
    ['an update with the row before in front', 1, asUpdate(combined, [6]), TOLD],
    ['an update that does not tell the row before', 1, asUpdate(combined), UNTOLD],
    ['a deletion', 0, asDeletion(appended, ['a']), DELETED],
  ] as const)('write %s', (_, input, record, hex) => {
    const codec = input === 0 ? texts : numbers
    expect(toHex(encodeRow(input, record, codec))).toBe(hex.replaceAll(' ', ''))
    expect(decodeMessage(fromHex(hex), [texts, numbers])).toEqual({ kind: 'row', input, record })
  })

  it('leave the key and the value of the origin behind', () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const record = { ...appended, origin: { ...origin, key: bytes, value: bytes } }
    expect(toHex(encodeRow(0, record, texts))).toBe(APPENDED.replaceAll(' ', ''))
  })

  it('write a watermark', () => {
    const message = { input: 2, stage: 's1', task: 300, watermark: -1, idle: false }
    expect(toHex(encodeWatermark(message))).toBe(BUSY.replaceAll(' ', ''))
    expect(decodeMessage(fromHex(BUSY), [])).toEqual({ kind: 'watermark', ...message })
  })

  it('write the watermark of an idle task that never had a record', () => {
    const message = { input: 0, stage: 's1', task: 0, watermark: NO_WATERMARK, idle: true }
    expect(toHex(encodeWatermark(message))).toBe(SILENT.replaceAll(' ', ''))
    expect(decodeMessage(fromHex(SILENT), [])).toEqual({ kind: 'watermark', ...message })
  })

  it('come back as they were', async () => {
    const place = fc.record({
      topic: fc.string({ unit: 'grapheme' }),
      partition: fc.nat(),
      offset: fc.maxSafeNat(),
    })
    const record = fc.record({
      row: fc.tuple(fc.option(fc.string({ unit: 'grapheme' }))),
      time: fc.maxSafeInteger(),
      sourceTime: fc.double({ noNaN: true }),
      origin: fc.option(place),
    })
    const text = fc.tuple(fc.option(fc.string({ unit: 'grapheme' })))
    const change = fc.oneof(
      record,
      fc.tuple(record, text).map(([one, before]) => asUpdate(one, before)),
      record.map((one) => asUpdate(one)),
      record.map((one) => asDeletion(one, one.row)),
    )
    const row = fc.record({ kind: fc.constant('row' as const), input: fc.constant(0), record: change })
    const watermark = fc.record({
      kind: fc.constant('watermark' as const),
      input: fc.nat(),
      stage: fc.string({ unit: 'grapheme' }),
      task: fc.nat(),
      watermark: fc.oneof(fc.maxSafeInteger(), fc.constant(NO_WATERMARK)),
      idle: fc.boolean(),
    })
    await checkProperty(
      fc.property(fc.oneof(row, watermark), (message: Message) => {
        const bytes =
          message.kind === 'row' ? encodeRow(message.input, message.record, texts) : encodeWatermark(message)
        expect(decodeMessage(bytes, [texts])).toEqual(message)
      }),
      500,
    )
  })

  it.each([
    ['nothing', ''],
    ['another version', '02 00 00'],
    ['a kind that is not known yet', '01 05 00 0000000000000000'],
    ['an update without the row as it is', TOLD.slice(0, -17)],
    ['an input that the stage does not have', COMBINED.replace('01 00 01', '01 00 02')],
    ['an origin mark of 2', COMBINED.replace('0000000000000000 00 ', '0000000000000000 02 ')],
    ['an idle mark of 2', BUSY.replace(/00$/, '02')],
    ['a watermark cut short', BUSY.slice(0, -3)],
    ['a row cut short', APPENDED.slice(0, -3)],
    ['bytes behind a row', `${APPENDED} 00`],
    ['bytes behind a watermark', `${BUSY} 00`],
  ])('refuse %s', (_, hex) => {
    expect(() => decodeMessage(fromHex(hex), [texts, numbers])).toThrow(CodecError)
  })
})
