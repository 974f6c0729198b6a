import {
  type Operator,
  type OperatorContext,
  type Output,
  type RawRecord,
  RecordError,
  type StreamRecord,
  type TransformRuntime,
  withRow,
} from '@millrace/engine'
import type { Value } from '@millrace/expr'
import { readSchema } from '../../config/check-schema.ts'
import { onlyInput } from '../../config/only-input.ts'
import type { EnrichConfig } from './definition.ts'
import { type KeyPath, resolveKeyPath, valueAt } from './key-path.ts'
import { lookupText, ReferenceTable } from './reference-table.ts'

/** How an enrich runs. */
export const enrichRuntime: TransformRuntime<EnrichConfig> = {
  role: 'transform',
  type: 'enrich',
  eventTime: false,
  reference: ({ connection, topic }) => ({ connection, topic }),
  create: (config, context) => new Enrich(config, context),
}

/** The values to add, by position, and whether every look-up found a row. */
interface Found {
  readonly values: readonly Value[]
  readonly complete: boolean
}

/** Looks events up in a table that every task holds whole, at once, over what is known. */
class Enrich implements Operator {
  readonly #config: EnrichConfig
  readonly #path: KeyPath
  readonly #table: ReferenceTable
  readonly #nulls: readonly Value[]

  constructor(config: EnrichConfig, context: OperatorContext) {
    const path = resolveKeyPath(config.key, onlyInput(context).fields)
    if (path === null) throw new Error('the config was not validated: there is no look-up key')
    this.#config = config
    this.#path = path
    this.#table = new ReferenceTable({
      topic: config.topic,
      fields: readSchema(config.fields),
      keyField: config.keyField,
      keep: config.add.map(({ field }) => field),
    })
    this.#nulls = config.add.map(() => null)
  }

  onReference(record: RawRecord): void {
    this.#table.accept(record)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const { values, complete } = this.#lookUp(record)
    if (complete || this.#config.miss === 'keep') out.emit(withRow(record, [...record.row, ...values]))
    else if (this.#config.miss === 'drop') out.drop(record, `no such row in ${this.#config.topic}`)
    else throw new RecordError('no_reference_row', this.#missing())
  }

  #lookUp({ row }: StreamRecord): Found {
    const value = valueAt(row, this.#path.steps)
    if (this.#path.array === null) return this.#one(value)
    if (value === null) return { values: this.#nulls, complete: false }
    return this.#each(value as readonly Value[], this.#path.array)
  }

  /** Null names no row. */
  #one(key: Value): Found {
    const text = lookupText(key)
    const row = text === null ? undefined : this.#table.get(text)
    return { values: row ?? this.#nulls, complete: row !== undefined }
  }

  /** One array per added field, one entry per element. */
  #each(elements: readonly Value[], steps: readonly number[]): Found {
    const rows = elements.map((element) => this.#one(valueAt(element, steps)))
    return {
      values: this.#nulls.map((_, field) => rows.map(({ values }) => values[field] as Value)),
      complete: rows.every(({ complete }) => complete),
    }
  }

  #missing(): string {
    return `"${this.#config.topic}" has no row for "${this.#config.key}".`
  }
}
