import {
  type Operator,
  type OperatorContext,
  type Output,
  type RawRecord,
  type StreamRecord,
  type TransformRuntime,
  withRow,
} from '@millrace/engine'
import { encodeKey, type Field, type Value } from '@millrace/expr'
import { onlyInput } from '../../config/only-input.ts'
import { indexRows, readCsvTable } from './csv/csv-table.ts'
import { type KeyPath, resolveKeyPath, valueAt } from './key-path.ts'
import { dropCause, missing } from './miss.ts'
import { keyPairs, referenceFields } from './reference-data.ts'
import { lookupText } from './reference-record.ts'
import { ReferenceTable } from './reference-table.ts'
import type { EnrichConfig } from './settings.ts'
import { versionsRuntime } from './versions/runtime.ts'

/** How an enrich runs. */
export const enrichRuntime: TransformRuntime<EnrichConfig> = {
  role: 'transform',
  type: 'enrich',
  eventTime: false,
  reference: ({ reference, connection, topic }) => (reference === 'table' ? null : { connection, topic }),
  variant: ({ reference }) => (reference === 'versions' ? versionsRuntime : null),
  create: (config, context) =>
    config.reference === 'topic'
      ? new TopicEnrich(config, context)
      : new Enrich(config, context, tableOf(config)),
}

/** The kept values of the row with this key; undefined where there is none. */
type FindRow = (key: readonly Value[]) => readonly Value[] | undefined

/** The values to add, by position, and whether every look-up found a row. */
interface Found {
  readonly values: readonly Value[]
  readonly complete: boolean
}

/** Looks events up at once, in rows that every task holds whole. */
class Enrich implements Operator {
  readonly #config: EnrichConfig
  readonly #path: KeyPath
  /** Where the further fields of the key stand in an event. */
  readonly #further: readonly KeyPath[]
  readonly #find: FindRow
  readonly #nulls: readonly Value[]

  constructor(config: EnrichConfig, context: OperatorContext, find: FindRow) {
    const { fields } = onlyInput(context)
    const [path, ...further] = keyPairs(config).map(({ key }) => pathOf(key, fields))
    this.#config = config
    this.#path = path as KeyPath
    this.#further = further
    this.#find = find
    this.#nulls = config.add.map(() => null)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const { values, complete } = this.#lookUp(record)
    if (complete || this.#config.miss === 'keep') out.emit(withRow(record, [...record.row, ...values]))
    else if (this.#config.miss === 'drop') out.drop(record, dropCause(this.#config))
    else throw missing(this.#config)
  }

  #lookUp({ row }: StreamRecord): Found {
    const value = valueAt(row, this.#path.steps)
    const further = this.#further.map(({ steps }) => valueAt(row, steps))
    if (this.#path.array === null) return this.#one([value, ...further])
    if (value === null) return { values: this.#nulls, complete: false }
    return this.#each(value as readonly Value[], this.#path.array, further)
  }

  /** Null names no row. */
  #one(key: readonly Value[]): Found {
    const row = key.includes(null) ? undefined : this.#find(key)
    return { values: row ?? this.#nulls, complete: row !== undefined }
  }

  /** One array per added field, one entry per element. */
  #each(elements: readonly Value[], steps: readonly number[], further: readonly Value[]): Found {
    const rows = elements.map((element) => this.#one([valueAt(element, steps), ...further]))
    return {
      values: this.#nulls.map((_, field) => rows.map(({ values }) => values[field] as Value)),
      complete: rows.every(({ complete }) => complete),
    }
  }
}

/** Looks up what is known of a reference topic, which may change between two events. */
class TopicEnrich extends Enrich {
  readonly #table: ReferenceTable

  constructor(config: EnrichConfig, context: OperatorContext) {
    const table = new ReferenceTable({
      topic: config.topic,
      fields: referenceFields(config),
      keyField: config.keyField,
      keep: config.add.map(({ field }) => field),
    })
    super(config, context, ([key = null]) => table.get(lookupText(key) as string))
    this.#table = table
  }

  onReference(record: RawRecord): void {
    this.#table.accept(record)
  }
}

/** Finds rows of the table in the settings. */
function tableOf(config: EnrichConfig): FindRow {
  const table = readCsvTable(config)
  const positionOf = (name: string) => table.fields.findIndex((field) => field.name === name)
  const names = keyPairs(config).map(({ keyField }) => keyField)
  const types = names.map((name) => (table.fields[positionOf(name)] as Field).type)
  const kept = config.add.map(({ field }) => positionOf(field))
  const rows = new Map(
    [...indexRows(table, names).rows].map(([key, row]) => [
      key,
      kept.map((position) => row[position] as Value),
    ]),
  )
  return (key) => rows.get(encodeKey(key, types))
}

function pathOf(key: string, fields: readonly Field[]): KeyPath {
  const path = resolveKeyPath(key, fields)
  if (path === null) throw new Error('the config was not validated: there is no look-up key')
  return path
}
