import type { Row } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import type { StreamRecord } from '../record.ts'
import { type KeyOf, keyReader } from '../stage/key-of.ts'
import { type Lineage, union } from './lineage.ts'
import type { PreviewRow } from './preview-recorder.ts'

/** The rows of one list of the preview: of an append-only stream all, of an updating one the last state of each key. */
export class RowList {
  /** At most `limit` rows; of those that are there, updates are followed however many come. */
  readonly rows: PreviewRow[] = []
  readonly #limit: number
  readonly #keyOf: KeyOf | null
  /** By key: the place of its row. */
  readonly #places = new Map<string, number>()

  constructor({ fields, updates }: Pick<StreamSchema, 'fields' | 'updates'>, limit: number) {
    this.#limit = limit
    this.#keyOf = updates ? keyReader(fields, updates.key) : null
  }

  /**
   * Takes a record; `open` as in `PreviewRow`. A deletion of what never came shows nothing: where nobody tells what rows
   * were, they are taken back wherever they may have been.
   */
  take(record: StreamRecord, open: boolean, events: Lineage): void {
    const key = this.#keyOf?.(record.row)
    const place = key === undefined ? undefined : this.#places.get(key)
    if (place !== undefined) this.rows[place] = changed(this.rows[place] as PreviewRow, record, open, events)
    else if (record.kind !== 'delete' && this.rows.length < this.#limit) {
      if (key !== undefined) this.#places.set(key, this.rows.length)
      this.rows.push({ ...previewRow(record, open, events), ...(key !== undefined && { updates: 0 }) })
    }
  }
}

/** A record as the preview shows it. */
export function previewRow({ row, time, origin }: StreamRecord, open: boolean, events: Lineage): PreviewRow {
  const place = origin && { topic: origin.topic, partition: origin.partition, offset: origin.offset }
  return { row, time, origin: place, open, events }
}

/** A deleted row stays in sight as it was. Its events are those of all its states. */
function changed(
  { row, updates = 0, events: before }: PreviewRow,
  record: StreamRecord,
  open: boolean,
  events: Lineage,
): PreviewRow {
  const isDeleted = record.kind === 'delete'
  const shown: Row = isDeleted ? row : record.row
  const next = { ...previewRow(record, open, union(before, events)), row: shown, updates: updates + 1 }
  return isDeleted ? { ...next, deleted: true } : next
}
