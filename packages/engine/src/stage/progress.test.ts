import { describe, expect, it } from 'vitest'
import { END_OF_INPUT, NO_WATERMARK } from '../record.ts'
import { packEntries, packTime, unpackEntries, unpackTime } from './progress.ts'

describe('progress', () => {
  it.each([0, -1, 1_700_000_000_000, END_OF_INPUT, NO_WATERMARK])(
    'carries the watermark %d through JSON',
    (time) => {
      expect(unpackTime(JSON.parse(JSON.stringify(packTime(time))))).toBe(time)
    },
  )

  it('takes a missing watermark for none', () => {
    expect(unpackTime(undefined)).toBe(NO_WATERMARK)
  })

  it('carries entries through JSON, whatever their names', () => {
    const entries = new Map([
      ['s1/0', { watermark: 5, idle: true }],
      ['__proto__', { watermark: NO_WATERMARK, idle: false }],
    ])
    expect(unpackEntries(JSON.parse(JSON.stringify(packEntries(entries))))).toEqual(entries)
  })
})
