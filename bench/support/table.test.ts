import { describe, expect, it } from 'vitest'
import type { Column, Figure } from './bench-case.ts'
import { goalMet, markdownTable, plainTable, textTable } from './table.ts'

const columns: readonly Column[] = [
  { key: 'rate', title: 'events/s', digits: 0 },
  { key: 'cpu', title: 'CPU-s', digits: 2 },
]
const fast: Figure = {
  name: 'fast',
  samples: { rate: [1_100, 900, 5_000], cpu: [2.5] },
  goal: { column: 'rate', kind: 'at least', value: 1_000 },
}
const slow: Figure = {
  name: 'slow one',
  samples: { rate: [10], cpu: [Number.NaN] },
  goal: { column: 'cpu', kind: 'at most', value: 0.5 },
}
const plain: Figure = { name: 'plain', samples: { rate: [20, 40] } }

describe('textTable', () => {
  it('shows medians, goals and the spread of the first column', () => {
    expect(textTable(columns, [fast, slow, plain])).toEqual([
      ['', 'events/s', 'CPU-s', 'goal', 'spread'],
      ['fast', '1,100', '2.50', '≥ 1,000 events/s: met', '± 186 %'],
      ['slow one', '10', '–', '≤ 0.50 CPU-s: MISSED', ''],
      ['plain', '30', '', '', '± 33 %'],
    ])
  })

  it('shows several goals of a figure, and its remark', () => {
    const both = { ...fast, goal: [fast.goal, slow.goal].flatMap((goal) => goal ?? []), remark: 'in a hurry' }
    expect(textTable(columns, [both])).toEqual([
      ['', 'events/s', 'CPU-s', 'goal', 'spread', 'remark'],
      ['fast', '1,100', '2.50', '≥ 1,000 events/s: met, ≤ 0.50 CPU-s: MISSED', '± 186 %', 'in a hurry'],
    ])
    expect(goalMet(both)).toBe(false)
  })

  it('has no column for goals and spread where there are none', () => {
    expect(textTable(columns, [{ name: 'a', samples: { rate: [1] } }])[0]).toEqual(['', 'events/s', 'CPU-s'])
  })
})

describe('goalMet', () => {
  it.each([
    [fast, true],
    [slow, false],
    [plain, null],
    [{ name: '', samples: {}, goal: { column: 'rate', kind: 'at most', value: 1 } } as const, false],
  ])('judges %j', (figure, met) => {
    expect(goalMet(figure)).toBe(met)
  })
})

it('lays a table out for a terminal', () => {
  expect(
    plainTable([
      ['', 'ms', 'goal'],
      ['first', '1', ''],
      ['b', '1,000', 'x'],
    ]),
  ).toBe('          ms  goal\nfirst      1\nb      1,000     x')
})

it('lays a table out for a document', () => {
  expect(
    markdownTable([
      ['', 'ms'],
      ['a', '1'],
    ]),
  ).toBe('|  | ms |\n| --- | ---: |\n| a | 1 |')
})
