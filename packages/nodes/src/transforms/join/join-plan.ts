import { type Evaluate, type Field, formatType, type Row, scalar, structOf, type Value } from '@millrace/expr'
import type { JsonValue } from '@millrace/graph'
import { compiledOf } from '../../config/check-expression.ts'
import { type PairColumn, pairColumns } from '../../pairs/pair-columns.ts'
import { compilePairCondition, readsOf } from '../../pairs/pair-condition.ts'
import { joinShape, padsOf, SIDES } from './join-shape.ts'
import type { JoinConfig } from './settings.ts'

/** What of an event of one side is kept in the state. */
interface KeptRow {
  readonly fields: readonly Field[]
  /** Places of these fields in the rows that come in; null where the row is kept as it is. */
  readonly places: readonly number[] | null
}

/** How a join works on its rows: what it keeps of them, when two are a pair, and what a pair becomes. */
export class JoinPlan {
  readonly kept: readonly [KeptRow, KeptRow]
  /** Fields of a state row: the event of one side, and whether it was part of a pair (null: it was not, and it was late). */
  readonly stateFields: readonly Field[]
  readonly signature: JsonValue
  /** Null: all pairs with equal keys will do. */
  readonly condition: Evaluate | null
  readonly #columns: readonly { readonly first: number; readonly second: number }[]

  constructor(config: JoinConfig, left: readonly Field[], right: readonly Field[]) {
    const columns = pairColumns(joinShape(config, left, right))
    const whole = compilePairCondition(config.condition, SIDES, [left, right])
    const needed = (side: 0 | 1, fields: readonly Field[]) =>
      keptRow(fields, [...readsOf(whole, SIDES[side], fields), ...columnsOf(columns, side, fields)])
    this.kept = [needed(0, left), needed(1, right)]
    const rows = [this.kept[0].fields, this.kept[1].fields]
    const result = compilePairCondition(config.condition, SIDES, rows)
    this.condition = result && compiledOf(result).evaluate
    this.stateFields = [
      { name: 'left', type: structOf(this.kept[0].fields) },
      { name: 'right', type: structOf(this.kept[1].fields) },
      { name: 'paired', type: scalar('boolean') },
    ]
    this.signature = signatureOf(config, this.stateFields, left, right)
    this.#columns = columns.map(({ first, second }) => ({
      first: this.kept[0].fields.findIndex(({ name }) => name === left[first]?.name),
      second: this.kept[1].fields.findIndex(({ name }) => name === right[second]?.name),
    }))
  }

  /** What is kept of an event. */
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

/** Bounds and condition may change: rows that are there are judged by the new ones from then on. */
function signatureOf(
  { on, kind }: JoinConfig,
  stateFields: readonly Field[],
  left: readonly Field[],
  right: readonly Field[],
): JsonValue {
  const typeOf = (fields: readonly Field[], name: string) => {
    const field = fields.find((candidate) => candidate.name === name)
    return field === undefined ? '' : formatType(field.type)
  }
  return {
    on: on.map((pair) => [pair.left, typeOf(left, pair.left), pair.right, typeOf(right, pair.right)]),
    pads: [...padsOf(kind)],
    rows: stateFields.map(({ name, type }) => [name, formatType(type)]),
  }
}
