import {
  type DueRow,
  type DueTimer,
  EARLIEST_WATERMARK,
  type KeyedState,
  NO_WATERMARK,
  type Operator,
  type OperatorContext,
  type Output,
  type StreamRecord,
  type Touch,
  withRow,
} from '@millrace/engine'
import type { Value } from '@millrace/expr'
import { type KeyReader, keyReader } from '../../../config/key-reader.ts'
import { dropCause, missing } from '../miss.ts'
import type { EnrichConfig } from '../settings.ts'
import { VERSION, VERSION_KEY } from './reference-stream.ts'
import {
  ALL_VERSIONS,
  eventOf,
  isVersion,
  nextWaiting,
  valuesOf,
  versionRow,
  versionSubKey,
  versionsAfter,
  versionsUntil,
  versionTime,
  waitingAt,
  waitingRow,
} from './state.ts'

/** The input that brings events; the other one brings versions. */
const EVENTS = 0

/**
 * Looks events up among the versions of their key: the latest one that is not younger than the event (semantics rule
 * 10). Events wait for the watermark in event time; else only until the reference has been read for the first time.
 */
export class VersionsEnrich implements Operator {
  readonly #config: EnrichConfig
  readonly #state: KeyedState
  readonly #watermark: () => number
  /** By input. */
  readonly #keys: readonly KeyReader[]
  readonly #keyPosition: number
  readonly #nulls: readonly Value[]

  constructor(config: EnrichConfig, context: OperatorContext) {
    this.#config = config
    this.#state = context.state
    this.#watermark = () => context.watermark()
    this.#keys = context.inputs.map(({ fields }, input) =>
      keyReader(fields, [input === EVENTS ? config.key : VERSION_KEY]),
    )
    this.#keyPosition = context.inputs[EVENTS]?.fields.findIndex(({ name }) => name === config.key) ?? -1
    this.#nulls = config.add.map(() => null)
  }

  touches(record: StreamRecord, input: number, touch: Touch): void {
    const key = this.#keyOf(record, input)
    touch.range(key, ALL_VERSIONS)
    if (input === EVENTS) touch.range(key, waitingAt(record.time))
  }

  process(record: StreamRecord, input: number, out: Output): void {
    if (input !== EVENTS) this.#learn(record)
    else if (this.#namesNoRow(record)) this.#miss(record, out)
    else this.#look(record, out)
  }

  touchesDue({ key }: DueRow, touch: Touch): void {
    touch.range(key, ALL_VERSIONS)
  }

  onTimer({ key, subKey, row, time }: DueTimer, out: Output): void {
    if (isVersion(subKey)) {
      this.#forgetBefore(key, time)
      return
    }
    const event = eventOf(row)
    this.#state.delete(key, subKey)
    const values = this.#valuesFor(key, event.time)
    if (values !== null || this.#config.miss !== 'dead-letter') this.#send(event, values, out)
    else out.fault([...event.row, ...this.#nulls], missing(this.#config))
  }

  #look(record: StreamRecord, out: Output): void {
    const key = this.#keyOf(record, EVENTS)
    const due = this.#waitsUntil(record.time)
    if (due === null) {
      const values = this.#valuesFor(key, record.time)
      if (values === null) this.#miss(record, out)
      else this.#send(record, values, out)
    } else {
      this.#state.put(key, nextWaiting(this.#state, key, record.time), waitingRow(record), due)
    }
  }

  /** The watermark for which an event waits; null where it need not wait. */
  #waitsUntil(time: number): number | null {
    const watermark = this.#watermark()
    if (this.#config.timing === 'at-once') return watermark === NO_WATERMARK ? EARLIEST_WATERMARK : null
    return time > watermark ? time : null
  }

  /** Null names no row. */
  #namesNoRow({ row }: StreamRecord): boolean {
    return row[this.#keyPosition] === null
  }

  #miss(record: StreamRecord, out: Output): void {
    if (this.#config.miss === 'dead-letter') throw missing(this.#config)
    this.#send(record, null, out)
  }

  #send(record: StreamRecord, values: readonly Value[] | null, out: Output): void {
    if (values === null && this.#config.miss === 'drop') out.drop(record, dropCause(this.#config))
    else out.emit(withRow(record, [...record.row, ...(values ?? this.#nulls)]))
  }

  /** What holds at a time; null where nothing does. */
  #valuesFor(key: string, time: number): readonly Value[] | null {
    const [latest] = this.#state.range(key, { ...versionsUntil(time), reverse: true, limit: 1 })
    if (latest !== undefined) return valuesOf(latest.row)
    const [earliest] = this.#config.beforeFirst ? this.#state.range(key, { ...ALL_VERSIONS, limit: 1 }) : []
    return earliest ? valuesOf(earliest.row) : null
  }

  /**
   * A version that follows another one has a timer: when the watermark passes it, those before it have had their time. So
   * the versions on either side of a new one get theirs.
   */
  #learn(record: StreamRecord): void {
    const { row, time } = record
    const key = this.#keyOf(record, 1)
    const values = row[VERSION.values] as Value
    const [before] = this.#state.range(key, { ...versionsUntil(time - 1), limit: 1 })
    const [next] = this.#state.range(key, { ...versionsAfter(time), limit: 1 })
    const due = before || next ? time : undefined
    this.#state.put(key, versionSubKey(time), versionRow(values), due)
    if (next !== undefined) this.#state.put(key, next.subKey, next.row, versionTime(next.subKey))
  }

  /** Once all events up to a time are through, of the versions up to it none but the newest counts. */
  #forgetBefore(key: string, time: number): void {
    const passed = this.#state.range(key, versionsUntil(time))
    const newest = passed.at(-1)
    for (const { subKey } of passed) if (subKey !== newest?.subKey) this.#state.delete(key, subKey)
    // Also a tombstone: an older version that comes later must not hold again.
    if (newest !== undefined) this.#state.put(key, newest.subKey, newest.row)
  }

  #keyOf({ row }: StreamRecord, input: number): string {
    return (this.#keys[input] as KeyReader).text(row)
  }
}
