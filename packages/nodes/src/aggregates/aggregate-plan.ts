import {
  type EvaluationContext,
  type Field,
  formatType,
  type Row,
  scalar,
  type Value,
  withNullable,
} from '@millrace/expr'
import type { JsonValue } from '@millrace/graph'
import type { Accumulator, Aggregator, ResultFault } from './aggregator.ts'
import { type CompiledAggregate, resultFields } from './compile-aggregates.ts'

/** Values that are taken from each event: where the condition is true, those of the argument. */
type Input = Pick<CompiledAggregate, 'argument' | 'where'>

interface PlacedAccumulator {
  readonly accumulator: Accumulator
  /** Index of its input. */
  readonly input: number
  /** Where its cells begin. */
  readonly at: number
}

interface PlacedAggregate {
  readonly name: string
  readonly aggregator: Aggregator
  readonly at: number
}

/** Tells of a result that cannot be given and is null. */
export type ReportFault = (fault: ResultFault) => void

/**
 * Several aggregates over the same events. Their state is one list of cells; aggregates that keep the same share it,
 * and what several take from an event is evaluated once.
 */
export class AggregatePlan {
  /** Fields of the cells. */
  readonly cellFields: readonly Field[]
  readonly resultFields: readonly Field[]
  /** Fields of what `evaluate` gives. */
  readonly valueFields: readonly Field[]
  /** What gives the cells their meaning: the same for aggregates that keep the same, in any order. */
  readonly signature: readonly JsonValue[]
  /** True where parts may be added up before a cut. */
  readonly preAggregates: boolean
  readonly #inputs: readonly Input[]
  readonly #accumulators: readonly PlacedAccumulator[]
  readonly #aggregates: readonly PlacedAggregate[]
  readonly #init: Row
  /** What the inputs took from the event that was evaluated last. */
  readonly #values: Value[]

  constructor(aggregates: readonly CompiledAggregate[]) {
    const kept = keptBy(aggregates)
    const inputs = new Map(kept.map((one) => [inputName(one), one]))
    this.#inputs = [...inputs.values()]
    this.valueFields = this.#inputs.map(({ argument }, i) => ({
      name: `#${i}`,
      type: withNullable(argument?.type ?? scalar('boolean'), true),
    }))
    this.#accumulators = placed(kept, [...inputs.keys()])
    const places = new Map(kept.map((one, i) => [keptName(one), this.#accumulators[i]?.at]))
    this.#aggregates = aggregates.map((one) => ({ ...one, at: places.get(keptName(one)) as number }))
    const types = kept.flatMap(({ aggregator }) => aggregator.accumulator.stateTypes)
    this.cellFields = types.map((type, i) => ({ name: `#${i}`, type }))
    this.resultFields = resultFields(aggregates)
    this.signature = kept.map((one) => [keptName(one), one.aggregator.accumulator.stateTypes.map(formatType)])
    this.preAggregates = aggregates.every(({ aggregator }) => aggregator.preAggregates)
    this.#init = kept.flatMap(({ aggregator }) => aggregator.accumulator.init)
    this.#values = this.#inputs.map(() => null)
  }

  /** The cells before any event. */
  newCells(): Value[] {
    return this.#init.slice()
  }

  /**
   * What the aggregates take of an event, for `add`; the list is good until the next call.
   *
   * @throws EvaluationError where an expression fails
   */
  evaluate(row: Row, context: EvaluationContext): readonly Value[] {
    for (let i = 0; i < this.#inputs.length; i++)
      this.#values[i] = taken(this.#inputs[i] as Input, row, context)
    return this.#values
  }

  /** Adds what was taken of an event of this time to cells that begin at `from`, in place. */
  add(cells: Value[], from: number, values: readonly Value[], time: number): void {
    for (let i = 0; i < this.#accumulators.length; i++) {
      const { accumulator, input, at } = this.#accumulators[i] as PlacedAccumulator
      const value = values[input] as Value
      if (value !== null) accumulator.add(cells, from + at, value, time)
    }
  }

  /** Adds the cells of another row, which begin there at `otherFrom` and stay as they are. */
  merge(cells: Value[], from: number, other: Row, otherFrom: number): void {
    for (let i = 0; i < this.#accumulators.length; i++) {
      const { accumulator, at } = this.#accumulators[i] as PlacedAccumulator
      accumulator.merge(cells, from + at, other, otherFrom + at)
    }
  }

  /** The values of the result fields where nothing came that was expected, appended to a row: counts and sums are 0. */
  appendEmpty(row: Value[]): void {
    const cells = this.newCells()
    for (const { aggregator, at } of this.#aggregates) {
      const values = aggregator.empty ?? aggregator.result(cells, at, () => {})
      for (const value of values) row.push(value)
    }
  }

  /** The values of the result fields, appended to a row. */
  appendResults(row: Value[], cells: Row, from: number, report: ReportFault): void {
    for (const { name, aggregator, at } of this.#aggregates) {
      const values = aggregator.result(cells, from + at, ({ code, message }) =>
        report({ code, message: `${name}: ${message}` }),
      )
      for (const value of values) row.push(value)
    }
  }
}

/** Null where the event is not for this input. */
function taken({ argument, where }: Input, row: Row, context: EvaluationContext): Value {
  if (where !== null && where.evaluate(row, context) !== true) return null
  return argument === null ? true : argument.evaluate(row, context)
}

/** One aggregate for each list of cells that must be kept, in an order that does not depend on the config's. */
function keptBy(aggregates: readonly CompiledAggregate[]): readonly CompiledAggregate[] {
  const kept = new Map(aggregates.map((one) => [keptName(one), one]))
  return [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

function keptName(one: CompiledAggregate): string {
  return JSON.stringify([one.aggregator.accumulator.name, inputName(one)])
}

function inputName({ argument, where }: Input): string {
  return JSON.stringify([argument?.text ?? null, where?.text ?? null])
}

function placed(kept: readonly CompiledAggregate[], inputs: readonly string[]): PlacedAccumulator[] {
  let at = 0
  return kept.map((one) => {
    const { accumulator } = one.aggregator
    const place = { accumulator, input: inputs.indexOf(inputName(one)), at }
    at += accumulator.stateTypes.length
    return place
  })
}
