import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, compileCondition } from './compile.ts'
import { completions } from './completions.ts'
import { parseSimpleConditions } from './conditions.ts'
import { functionDocs } from './function-docs.ts'
import { LIMITS } from './limits.ts'
import { FIELDS } from './testing/outcome.ts'
import { randomExpression } from './testing/random-expression.ts'
import { parseType } from './type-text.ts'

/** The work is bounded, but how long it takes depends on the machine. */
const PATIENCE = 120_000

// biome-ignore format: a list
const WORDS = [
  'qty', 'region', 'address', 'items', 'constructor', '__proto__', 'x', 'case', 'when', 'then', 'else', 'end', 'and',
  'or', 'not', 'is', 'null', 'in', 'like', 'escape', 'between', 'distinct', 'from', 'cast', 'try_cast', 'as',
  'timestamp', 'interval', 'month', 'array', 'map', 'struct', 'int64', 'decimal', 'abs', 'if', 'any', 'filter',
  'reduce', 'extract', 'year', '(', ')', '[', ']', ',', '.', '<', '>', '=', '<>', '->', '||', '|', '+', '-', '*', '/',
  "'", "''", "'a'", '"', '""', '--', '/*', '*/', '\n', '0', '1', '9223372036854775808', '1e9', '.5', '😀', '\ud800',
  '\u0000', '`', 'any(items, i -> ', '(x, y) -> ', 'f((x), ', "m['k']", 'decimal(10, 2)', "decimal '1.5'",
]

const words = fc
  .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom('', ' ')), { maxLength: 60 })
  .map((list) => list.flat().join(''))

const bytes = fc.uint8Array({ maxLength: 200 }).map((list) => String.fromCharCode(...list))

const valid = fc.oneof(
  ...Object.values(randomExpression).map((expression) => expression.map(({ text }) => text)),
  fc.constantFrom(...functionDocs().map((doc) => doc.example)),
)

/** Valid texts in which pieces were taken out, put in, doubled or moved. */
const mutated = fc
  .tuple(
    valid,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.constantFrom(...WORDS), fc.nat({ max: 3 })), {
      maxLength: 4,
    }),
  )
  .map(([text, edits]) => edits.reduce(mutate, text))

function mutate(
  text: string,
  [position, length, word, how]: readonly [number, number, string, number],
): string {
  const at = text.length === 0 ? 0 : position % text.length
  const [before, piece, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)]
  return [
    before + after,
    before + word + piece + after,
    before + piece + piece + after,
    before + after + piece,
  ][how] as string
}

const anyText = fc.oneof(words, bytes, mutated, fc.string({ unit: 'binary' }), fc.string())

function checkIssues(text: string, issues: readonly { message: string; from: number; to: number }[]): void {
  expect(issues.length).toBeGreaterThan(0)
  for (const one of issues) {
    expect(one.message).not.toBe('')
    expect(one.from).toBeGreaterThanOrEqual(0)
    expect(one.to).toBeGreaterThanOrEqual(one.from)
    expect(one.to).toBeLessThanOrEqual(text.length)
  }
}

describe('any text', () => {
  it(
    'compiles or has an issue within it, and never throws',
    () => {
      fc.assert(
        fc.property(anyText, (text) => {
          for (const result of [compile(text, FIELDS), compileCondition(text, FIELDS)])
            if (!result.ok) checkIssues(text, result.issues)
        }),
        { numRuns: 5000 },
      )
    },
    PATIENCE,
  )

  it(
    'can be completed at any place, shown by the builder or read as a type, without a throw',
    () => {
      fc.assert(
        fc.property(anyText, fc.nat(), (text, place) => {
          const position = place % (text.length + 1)
          const found = completions(text, position, FIELDS, ([name]) =>
            name === 'region' ? ['a', null] : [],
          )
          if (found !== null) {
            expect(found.from).toBeLessThanOrEqual(position)
            expect(found.to).toBeGreaterThanOrEqual(position)
          }
          parseSimpleConditions(text)
          const type = parseType(text)
          if (!type.ok) checkIssues(text, [type.issue])
        }),
        { numRuns: 2000 },
      )
    },
    PATIENCE,
  )

  it.each(WORDS)(
    'is refused or read where it repeats %j to the limit',
    (word) => {
      for (const gap of ['', ' ']) {
        const text = (word + gap).repeat(LIMITS.textLength).slice(0, LIMITS.textLength)
        expect(typeof compile(text, FIELDS).ok).toBe('boolean')
        completions(text, text.length, FIELDS)
      }
    },
    PATIENCE,
  )

  it(
    'of pairs of words, repeated to the limit, is refused or read',
    () => {
      for (const word of [
        '(',
        'f(',
        '(x, y) -> ',
        'any(items, i -> ',
        'case when ',
        '[',
        'not ',
        '-',
        'f((x) ',
      ]) {
        for (const other of ['x', ')', ',', '(', '1', "'", '->']) {
          const text = (word + other).repeat(LIMITS.textLength).slice(0, LIMITS.textLength)
          expect(typeof compile(text, FIELDS).ok).toBe('boolean')
        }
      }
    },
    PATIENCE,
  )
})
