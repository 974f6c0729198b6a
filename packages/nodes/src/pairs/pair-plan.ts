import { type Evaluate, type Field, formatType, type Row, type Value } from '@millrace/expr'
import type { JsonValue } from '@millrace/graph'
import { compiledOf } from '../config/check-expression.ts'
import { type PairColumn, type PairShape, pairColumns } from './pair-columns.ts'
import { compilePairCondition, readsOf } from './pair-condition.ts'

/** What is needed to work on pairs of rows. */
export interface PairPlanOptions {
  readonly shape: PairShape
  /** What the rows are called in the condition. */
  readonly names: readonly [string, string]
  /** Fields of the rows that come in. */
  readonly rows: readonly [readonly Field[], readonly Field[]]
  /** The condition over both; empty for none. */
  readonly condition: string
}

/** What of a row is kept. */
interface KeptRow {
  readonly fields: readonly Field[]
  /** Places of these fields in the rows that come in; null where the row is kept as it is. */
  readonly places: readonly number[] | null
}

/** What is kept of two rows until they meet, when they are a pair, and what a pair becomes. */
export class PairPlan {
  readonly kept: readonly [KeptRow, KeptRow]
  /** Over two kept rows. Null: all pairs will do. */
  readonly condition: Evaluate | null
  readonly #columns: readonly { readonly first: number; readonly second: number }[]

  constructor({ shape, names, rows, condition }: PairPlanOptions) {
    const columns = pairColumns(shape)
    const whole = compilePairCondition(condition, names, rows)
    const needed = (side: 0 | 1) =>
      keptRow(rows[side], [
        ...readsOf(whole, names[side], rows[side]),
        ...columnsOf(columns, side, rows[side]),
      ])
    this.kept = [needed(0), needed(1)]
    const result = compilePairCondition(condition, names, [this.kept[0].fields, this.kept[1].fields])
    this.condition = result && compiledOf(result).evaluate
    this.#columns = columns.map(({ first, second }) => ({
      first: this.kept[0].fields.findIndex(({ name }) => name === rows[0][first]?.name),
      second: this.kept[1].fields.findIndex(({ name }) => name === rows[1][second]?.name),
    }))
  }

  /** What is kept of a row. */
  keep(side: 0 | 1, row: Row): Row {
    const { places } = this.kept[side]
    return places === null ? row : places.map((place) => row[place] as Value)
  }

  /** The result of two kept rows, of which one may be missing. */
  result(left: Row | null, right: Row | null): Row {
    const columns = this.#columns
    const row: Value[] = new Array(columns.length)
    for (let i = 0; i < columns.length; i++) {
      const { first, second } = columns[i] as { first: number; second: number }
      const value =
        left !== null && first >= 0 ? left[first] : right !== null && second >= 0 ? right[second] : null
      row[i] = value as Value
    }
    return row
  }

  /** What gives kept rows their meaning, for the signature of a state. */
  get signature(): JsonValue {
    return this.kept.map(({ fields }) => fields.map(({ name, type }) => [name, formatType(type)]))
  }
}

function columnsOf(columns: readonly PairColumn[], side: 0 | 1, fields: readonly Field[]): string[] {
  return columns.flatMap(({ first, second }) => fields[side === 0 ? first : second]?.name ?? [])
}

function keptRow(fields: readonly Field[], names: readonly string[]): KeptRow {
  const wanted = new Set(names)
  const places = fields.flatMap(({ name }, i) => (wanted.has(name) ? [i] : []))
  return {
    fields: places.map((place) => fields[place] as Field),
    places: places.length === fields.length ? null : places,
  }
}
