import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../testing/check-property.ts'
import { OrderedRows, type Span, WHOLE } from './ordered-rows.ts'

/** Sub-keys of the tests: single letters. */
const LETTERS = [...'abcdefgh']
const letter = fc.constantFrom(...LETTERS)
const span: fc.Arbitrary<Span> = fc
  .tuple(fc.constantFrom('', ...LETTERS), fc.constantFrom(null, ...LETTERS))
  .map(([from, to]) => ({ from, to }))

interface Named {
  readonly name: string
}

const ROWS: Readonly<Record<string, Named>> = Object.fromEntries(
  LETTERS.map((one) => [one, { name: `k:${one}` }]),
)

function namesOf(rows: readonly Named[]): readonly string[] {
  return rows.map(({ name }) => name)
}

function isIn({ from, to }: Span, subKey: string): boolean {
  return from <= subKey && (to === null || subKey < to)
}

describe('OrderedRows', () => {
  it('lists names in order, however they came', () =>
    checkProperty(
      fc.property(fc.uniqueArray(letter), fc.array(letter), span, (added, removed, within) => {
        const rows = new OrderedRows('k:')
        const left = new Set(added)
        for (const one of added) rows.add(ROWS[one] as Named)
        for (const one of removed) if (left.delete(one)) rows.remove(ROWS[one] as Named)
        expect(rows.size).toBe(left.size)
        const expected = [...left].sort().filter((one) => isIn(within, one))
        expect(namesOf(rows.within(within))).toEqual(expected.map((one) => `k:${one}`))
      }),
      500,
    ))

  it('is the same list wherever rows go, from the front, the end or between, and come again', () =>
    checkProperty(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.boolean())),
        fc.nat(3),
        (moves, mode) => {
          const rows = new OrderedRows('k:')
          const all = new Map<string, Named>()
          const left = new Set<string>()
          for (const [n, adds] of moves) {
            const sorted = [...left].sort()
            const place = [0, sorted.length - 1, n % Math.max(1, sorted.length), 0][mode] ?? 0
            const name = adds ? `k:${String(n).padStart(2, '0')}` : (sorted[place] ?? '')
            const row = all.get(name) ?? { name }
            all.set(name, row)
            if (adds && !left.has(name)) rows.add(row)
            if (adds) left.add(name)
            else if (left.delete(name)) rows.remove(row)
            expect([rows.size, namesOf(rows.within(WHOLE))]).toEqual([left.size, [...left].sort()])
          }
        },
      ),
      500,
    ))

  it('knows which spans are covered, and what of another one is not', () =>
    checkProperty(
      fc.property(fc.array(span, { maxLength: 5 }), span, (covered, asked) => {
        const rows = new OrderedRows('k:')
        for (const one of covered) rows.cover(one)
        const isCovered = (one: string) => covered.some((known) => isIn(known, one))
        const missing = rows.uncovered(asked)
        for (const one of LETTERS) {
          expect(rows.covers(`k:${one}`)).toBe(isCovered(one))
          expect(missing.some((part) => isIn(part, one))).toBe(isIn(asked, one) && !isCovered(one))
        }
      }),
      1_000,
    ))

  it('asks for nothing of what is covered as a whole', () => {
    const rows = new OrderedRows('k:')
    expect(rows.uncovered(WHOLE)).toEqual([WHOLE])
    rows.cover(WHOLE)
    expect([rows.uncovered(WHOLE), rows.uncovered({ from: 'b', to: 'c' })]).toEqual([[], []])
  })
})
