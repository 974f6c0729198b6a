import type {
  KeyedState,
  OperatorContext,
  Output,
  RangeOptions,
  RecordFault,
  StreamRecord,
  SubRow,
} from '@millrace/engine'
import type { Row } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'

/** A state row with its timer. */
export interface StoredRow {
  readonly row: Row
  readonly timer: number | undefined
}

/** Keyed state over a map, for tests of what an operator writes there. */
export class MemoryState implements KeyedState {
  readonly rows = new Map<string, StoredRow>()
  /** Names of the rows that wait for a tick. */
  readonly woken = new Set<string>()

  get(key: string, subKey: string): Row | undefined {
    return this.rows.get(`${key}/${subKey}`)?.row
  }

  put(key: string, subKey: string, row: Row, timer?: number): void {
    this.rows.set(`${key}/${subKey}`, { row, timer })
  }

  delete(key: string, subKey: string): void {
    this.rows.delete(`${key}/${subKey}`)
  }

  range(key: string, { from = '', to, reverse = false, limit }: RangeOptions = {}): readonly SubRow[] {
    const rows = [...this.rows]
      .filter(([name]) => name.startsWith(`${key}/`))
      .map(([name, { row }]) => ({ subKey: name.slice(key.length + 1), row }))
      .filter(({ subKey }) => subKey >= from && (to === undefined || subKey < to))
      .sort((a, b) => (a.subKey < b.subKey ? -1 : 1))
    return (reverse ? rows.reverse() : rows).slice(0, limit)
  }

  wake(key: string, subKey: string): void {
    this.woken.add(`${key}/${subKey}`)
  }
}

/** The context of an operator with one input and a watermark that stands still. */
export function contextOf(input: StreamSchema, state: KeyedState, watermark: number): OperatorContext {
  return { nodeId: 'node', inputs: [input], state, watermark: () => watermark }
}

/** Keeps what an operator emits. */
export class Collector implements Output {
  readonly emitted: StreamRecord[] = []
  readonly dropped: string[] = []
  readonly faults: { readonly row: Row; readonly code: string; readonly message: string }[] = []
  lateCount = 0

  emit(record: StreamRecord): void {
    this.emitted.push(record)
  }

  drop(_record: StreamRecord, cause: string): void {
    this.dropped.push(cause)
  }

  late(_record: StreamRecord, count = 1): void {
    this.lateCount += count
  }

  fault(row: Row, { code, message }: RecordFault): void {
    this.faults.push({ row, code, message })
  }
}

/** A record of a row that nothing is known of but its time. */
export function recordOf(row: Row, time: number): StreamRecord {
  return { row, time, sourceTime: time, origin: null }
}
