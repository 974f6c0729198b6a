import type { KafkaForTests } from '../../../tests/support/kafka.ts'
import { TopicReader } from '../../../tests/support/kafka.ts'
import { isClosing, PARTITIONS } from './events.ts'
import type { ResultColumn } from './graphs.ts'

/** How often each row is there; a row is its values in the order of the columns, as JSON. */
export type RowCounts = ReadonlyMap<string, number>

/** Reads what a job has committed, as it goes on. */
export class ResultRows {
  readonly #kafka: KafkaForTests
  readonly #topic: string
  readonly #columns: readonly ResultColumn[]
  readonly #reader: TopicReader
  readonly #counts = new Map<string, number>()
  readonly #closing = new Set<string>()

  private constructor(
    kafka: KafkaForTests,
    topic: string,
    columns: readonly ResultColumn[],
    reader: TopicReader,
  ) {
    this.#kafka = kafka
    this.#topic = topic
    this.#columns = columns
    this.#reader = reader
  }

  /** Begins at the beginning of a topic. */
  static async open(
    kafka: KafkaForTests,
    topic: string,
    columns: readonly ResultColumn[],
  ): Promise<ResultRows> {
    return new ResultRows(kafka, topic, columns, await TopicReader.open(kafka.client, topic))
  }

  /** The rows that were read, without those of the events that close windows. */
  get counts(): RowCounts {
    return this.#counts
  }

  /** Whether the row of the closing event of every partition was read: those of all events are before it. */
  get complete(): boolean {
    return this.#closing.size === PARTITIONS
  }

  /** Reads all that is committed by now. */
  async readOn(): Promise<void> {
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({
      topic: this.#topic,
      partition,
    }))
    const ends = await this.#kafka.client.listOffsets(partitions, 'last-stable')
    await this.#reader.readTo(
      ends.map(({ offset }) => offset ?? 0),
      (value) => this.#take(value),
    )
  }

  close(): void {
    this.#reader.close()
  }

  #take(value: string | null): void {
    const row = value === null ? {} : (JSON.parse(value) as Readonly<Record<string, unknown>>)
    const closing = this.#columns.map(({ name }) => row[name]).find(isClosing)
    if (closing !== undefined) {
      this.#closing.add(String(row.userId ?? closing))
      return
    }
    const text = rowText(row, this.#columns)
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1)
  }
}

/** A row in one way of writing, whichever engine wrote it. */
export function rowText(row: Readonly<Record<string, unknown>>, columns: readonly ResultColumn[]): string {
  const values = columns.map(({ name, type }) => {
    const value = row[name] ?? null
    return type === 'TIMESTAMP(3)' && typeof value === 'string' ? epochMs(value) : value
  })
  return JSON.stringify(values)
}

/** Flink writes a time without its zone, which is UTC. */
function epochMs(text: string): number {
  return Date.parse(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
}

/**
 * What is different between the rows of two engines, in words; null where they are the same, each as often.
 */
export function rowDifference(
  first: { readonly name: string; readonly rows: RowCounts },
  second: { readonly name: string; readonly rows: RowCounts },
): string | null {
  const missing = [excess(first, second), excess(second, first)].filter(({ rows }) => rows > 0)
  if (missing.length === 0) return null
  return missing
    .map(({ name, rows, example }) => `${rows.toLocaleString('en')} rows only of ${name}, such as ${example}`)
    .join('; ')
}

function excess(
  { name, rows }: { readonly name: string; readonly rows: RowCounts },
  other: { readonly rows: RowCounts },
) {
  let count = 0
  let example = ''
  for (const [row, times] of rows) {
    const more = times - (other.rows.get(row) ?? 0)
    if (more <= 0) continue
    if (count === 0) example = row
    count += more
  }
  return { name, rows: count, example }
}
