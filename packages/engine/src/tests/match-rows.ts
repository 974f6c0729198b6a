import { decodeJson, encodeJson, encodeUtf8, type Field, type Value, withNullable } from '@millrace/expr'
import { type ExpectedRow, type JsonValue, ownMember, TEST_LIMITS } from '@millrace/graph'
import { sameValue } from '../compare/same-value.ts'
import { readTime } from './read-steps.ts'
import { NO_VALUE, type RowDifference, type RowText, TIME_PATH } from './result.ts'
import { type RowPath, resolvePath } from './row-path.ts'
import type { SideRow, SideRows } from './side-rows.ts'

/** An expected row, ready to be compared. */
export interface RowMatcher {
  readonly parts: readonly Part[]
  /** Null: any. */
  readonly time: number | null
  readonly text: RowText
}

interface Part extends RowPath {
  readonly path: string
  readonly expected: Value
}

/** Makes an expected row comparable; a sentence where it names what is not there, or a value of another type. */
export function rowMatcher({ row, at }: ExpectedRow, fields: readonly Field[]): RowMatcher | string {
  const time = at === undefined ? null : readTime(at)
  if (at !== undefined && time === null) return `${JSON.stringify(at)} is no time.`
  const parts: Part[] = []
  for (const [path, json] of Object.entries(row)) {
    const found = resolvePath(path, fields)
    if (typeof found === 'string') return found
    const expected = readValue(json, found, path)
    if (typeof expected === 'string') return expected
    parts.push({ ...found, path, expected: expected.value })
  }
  const values = Object.fromEntries(
    parts.map(({ path, type, expected }) => [path, valueText(expected, type)]),
  )
  return { parts, time, text: { values, at: time } }
}

/** Of an int64 whose digits a JSON number cannot hold, text tells the digits. */
function readValue(json: JsonValue, { type }: RowPath, path: string): { readonly value: Value } | string {
  const isDigits = type.kind === 'int64' && typeof json === 'string' && /^-?\d{1,19}$/.test(json)
  const text = isDigits ? json : JSON.stringify(json)
  try {
    const [value = null] = decodeJson([{ name: 'v', type: withNullable(type, true) }])(
      encodeUtf8(`{"v":${text}}`),
    )
    return { value }
  } catch (error) {
    return `The value expected of "${path}" does not fit: ${error instanceof Error ? error.message : ''}.`
  }
}

/** Where an actual row differs from an expected one; nothing where it matches. */
export function differingPaths({ parts, time }: RowMatcher, actual: SideRow): readonly string[] {
  const paths = parts
    .filter(({ read, expected, type }) => !sameValue(read(actual.row), expected, type))
    .map(({ path }) => path)
  return time === null || time === actual.time ? paths : [...paths, TIME_PATH]
}

function matches(matcher: RowMatcher, actual: SideRow): boolean {
  const { parts, time } = matcher
  if (time !== null && time !== actual.time) return false
  return parts.every(({ read, expected, type }) => sameValue(read(actual.row), expected, type))
}

/** Which rows were found for which. */
interface Pairing {
  /** By index of the expected row: the index of its actual one, or -1. */
  readonly actualOf: readonly number[]
}

/** Pairs expected rows with actual ones in any order, as many as can be: augmenting paths (Kuhn 1955). */
export function pairInAnyOrder(expected: readonly RowMatcher[], actual: readonly SideRow[]): Pairing {
  const actualOf = expected.map(() => -1)
  const takenBy = actual.map(() => -1)
  const give = (want: number, tried: Set<number>): boolean => {
    const matcher = expected[want] as RowMatcher
    for (let i = 0; i < actual.length; i++) {
      if (tried.has(i) || !matches(matcher, actual[i] as SideRow)) continue
      tried.add(i)
      const owner = takenBy[i] as number
      if (owner >= 0 && !give(owner, tried)) continue
      takenBy[i] = want
      actualOf[want] = i
      return true
    }
    return false
  }
  for (let want = 0; want < expected.length; want++) give(want, new Set())
  return { actualOf }
}

/** Pairs each expected row with the first actual one that matches behind the one before. */
export function pairInOrder(expected: readonly RowMatcher[], actual: readonly SideRow[]): Pairing {
  let next = 0
  const actualOf = expected.map((matcher) => {
    const at = actual.findIndex((row, i) => i >= next && matches(matcher, row))
    if (at >= 0) next = at + 1
    return at
  })
  return { actualOf }
}

/** What a pairing leaves over, the likest rows side by side. `mayExceed`: other rows may be there too. */
export function differencesOf(
  expected: readonly RowMatcher[],
  { fields, rows }: SideRows,
  { actualOf }: Pairing,
  mayExceed: boolean,
): readonly RowDifference[] {
  const used = new Set(actualOf)
  const left = rows.filter((_, i) => !used.has(i)).slice(0, MOST_COMPARED)
  const missing = expected.filter((_, i) => (actualOf[i] ?? -1) < 0).slice(0, MOST_COMPARED)
  const found = missing.map((matcher): RowDifference => {
    const likest = takeLikest(matcher, left)
    if (likest === null) return { kind: 'missing', expected: matcher.text }
    return {
      kind: 'different',
      expected: matcher.text,
      actual: rowText(likest.row, fields, matcher),
      paths: likest.paths,
    }
  })
  if (mayExceed) return found
  return [
    ...found,
    ...left.map((row): RowDifference => ({ kind: 'unexpected', actual: rowText(row, fields) })),
  ]
}

/** Rows that are compared with each other to find the likest. */
const MOST_COMPARED = 200

/** Takes the row out that differs least; null where none has anything in common. */
function takeLikest(matcher: RowMatcher, rows: SideRow[]) {
  const count = matcher.parts.length + (matcher.time === null ? 0 : 1)
  let best: { at: number; row: SideRow; paths: readonly string[] } | null = null
  for (const [at, row] of rows.entries()) {
    const paths = differingPaths(matcher, row)
    if (paths.length < (best?.paths.length ?? count)) best = { at, row, paths }
  }
  if (best !== null) rows.splice(best.at, 1)
  return best
}

/** A row as text: all its fields, and what an expected row names inside them. */
export function rowText({ row, time }: SideRow, fields: readonly Field[], matcher?: RowMatcher): RowText {
  const whole = fields.map(({ name, type }, i): [string, string] => [name, valueText(row[i] ?? null, type)])
  const named = (matcher?.parts ?? []).map(({ path, type, read }): [string, string] => [
    path,
    valueText(read(row), type),
  ])
  return { values: Object.fromEntries([...whole, ...named]), at: time }
}

/** A value as JSON text. */
export function valueText(value: Value, type: Field['type']): string {
  const text = encodeJson([{ name: 'v', type: withNullable(type, true) }])([value])
  return text.slice('{"v":'.length, -1)
}

/** The text of one value of a row; a dash where it has none of that name. */
export function textAt({ values }: RowText, path: string): string {
  return ownMember(values, path) ?? NO_VALUE
}

/** Rows as they would be expected. An int64 that no JSON number can hold is text. */
export function expectedRows({ fields, rows }: SideRows): readonly ExpectedRow[] {
  return rows.slice(0, TEST_LIMITS.rows).map(({ row }) => ({
    row: Object.fromEntries(
      fields.map(({ name, type }, i) => {
        const value = row[i] ?? null
        return [
          name,
          typeof value === 'bigint' && type.kind === 'int64' ? String(value) : jsonOf(value, type),
        ]
      }),
    ),
  }))
}

function jsonOf(value: Value, type: Field['type']): JsonValue {
  return JSON.parse(valueText(value, type)) as JsonValue
}
