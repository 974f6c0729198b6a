import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from './parse-csv.ts'

const cellsOf = (text: string, separator = ',') =>
  parseCsv(text, separator, 1000).records.map(({ cells }) => cells)

describe('the reader of CSV', () => {
  it.each<[string, string, (string | null)[][]]>([
    [
      'plain cells',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a line break at the end',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['lines that end with CR', 'a\rb\r', [['a'], ['b']]],
    ['empty cells, which are null, and empty quotes, which are not', 'a,,""\n', [['a', null, '']]],
    [
      'an empty cell at the end of a line',
      'a,\n,b\n',
      [
        ['a', null],
        [null, 'b'],
      ],
    ],
    [
      'separators, line breaks and quotes in quotes',
      '"a,b","c\r\nd","say ""hi"""',
      [['a,b', 'c\r\nd', 'say "hi"']],
    ],
    ['spaces, which belong to the cell', ' a , b', [[' a ', ' b']]],
    ['empty lines, which are passed over', '\n\na\n\r\n\nb\n\n', [['a'], ['b']]],
    ['a mark of the byte order', '\uFEFFa,b', [['a', 'b']]],
    ['nothing', '', []],
  ])('takes %s', (_, text, cells) => {
    expect(parseCsv(text, ',', 1000).problem).toBe(null)
    expect(cellsOf(text)).toEqual(cells)
  })

  it.each([
    [';', 'a;b,c', ['a', 'b,c']],
    ['\t', 'a\tb', ['a', 'b']],
  ])('takes %j as separator', (separator, text, cells) => {
    expect(cellsOf(text, separator)).toEqual([cells])
  })

  it.each([
    ['a quote that is never closed, by the line where it is opened', 'a\n"b\nc\n', 2, 'never closed'],
    ['a quote within a cell', 'a\nb,c"d\n', 2, 'not in quotes'],
    ['text behind a closing quote', '"a\nb"c', 2, 'behind the closing quote'],
    ['a space in front of a quote', 'a, "b"', 1, 'not in quotes'],
  ])('refuses %s', (_, text, line, message) => {
    expect(parseCsv(text, ',', 1000).problem).toEqual({ line, message: expect.stringContaining(message) })
  })

  it('tells the line on which each record begins', () => {
    const { records } = parseCsv('a\n\n"b\nc"\r\nd', ',', 1000)
    expect(records.map(({ line }) => line)).toEqual([1, 3, 5])
  })

  it('stops at the limit', () => {
    expect(parseCsv('a\nb\nc"', ',', 2)).toMatchObject({ records: [{}, {}], problem: null })
  })

  it('reads back whatever was written by the rules, in any line endings', () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '\t', 'é', '😀'), maxLength: 6 }),
    )
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }))
    const quoted = (text: string | null) => (text === null ? '' : `"${text.replaceAll('"', '""')}"`)
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), (rows, end) => {
        const text = rows.map((row) => row.map(quoted).join(',') + end).join('')
        expect(parseCsv(text, ',', 100)).toMatchObject({ problem: null })
        expect(cellsOf(text)).toEqual(rows)
      }),
    )
  })
})
