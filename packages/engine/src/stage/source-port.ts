import type { Decoded, SourceTime } from '../operator.ts'
import { NO_WATERMARK, type Origin, type RawRecord } from '../record.ts'
import { type RecordFault, recordFault } from '../record-fault.ts'
import { type Counters, newCounters } from './counters.ts'
import type { InputPort } from './input-port.ts'
import type { Probe } from './stage-output.ts'

/** What a source port is made with. */
export interface SourcePortOptions {
  readonly nodeId: string
  /** Under this name the task's own partition stands among the contributors of the input. */
  readonly own: string
  readonly time: SourceTime
  readonly decode: (record: RawRecord) => Decoded
  readonly input: InputPort
  readonly probe: Probe
  reject(nodeId: string, origin: Origin, fault: RecordFault): void
}

/**
 * Where the records of a source's partition enter a task: decodes them, judges their event time and keeps the
 * partition's watermark (semantics rules 1 to 3, 17).
 */
export class SourcePort {
  readonly nodeId: string
  readonly counters: Counters = newCounters()
  readonly input: InputPort
  readonly #options: SourcePortOptions

  constructor(options: SourcePortOptions) {
    this.nodeId = options.nodeId
    this.input = options.input
    this.#options = options
  }

  /** Watermark and idleness of the task's own partition. */
  get own(): { readonly watermark: number; readonly idle: boolean } {
    return this.input.entries.get(this.#options.own) ?? { watermark: NO_WATERMARK, idle: false }
  }

  /** Takes one record. `now` bounds its event time, epoch ms; null: no bound. */
  accept(raw: RawRecord, now: number | null): void {
    this.counters.in++
    const decoded = this.#decode(raw, now)
    if (decoded === null) return
    const { time } = this.#options
    this.counters.out++
    const record = { row: decoded.row, time: decoded.time, sourceTime: raw.timestamp, origin: raw }
    this.#options.probe.out?.(this.nodeId, 0, record)
    this.input.push(record)
    if (!time.untilRead && !isAhead(decoded, now, time))
      this.input.hear(this.#options.own, decoded.time - time.outOfOrderness - 1, false)
  }

  /** Says that the partition has had nothing for its idle timeout; false where that is known. */
  markIdle(): boolean {
    const { watermark, idle } = this.own
    this.input.note(this.#options.own, watermark, true)
    return !idle
  }

  #decode(raw: RawRecord, now: number | null): Decoded | null {
    try {
      const decoded = this.#options.decode(raw)
      const { time } = this.#options
      if (time.takesAhead || !isAhead(decoded, now, time)) return decoded
      return this.#reject(raw, tooFarAhead(decoded.time, now as number, time.maxAhead as number))
    } catch (error) {
      return this.#reject(raw, recordFault(error))
    }
  }

  #reject(raw: RawRecord, fault: RecordFault): null {
    this.counters.errors++
    this.#options.reject(this.nodeId, raw, fault)
    return null
  }
}

function isAhead({ time }: Decoded, now: number | null, { maxAhead }: SourceTime): boolean {
  return now !== null && maxAhead !== null && time > now + maxAhead
}

function tooFarAhead(time: number, now: number, maxAhead: number): RecordFault {
  const ahead = Math.round((time - now) / 1000)
  return {
    code: 'too_far_ahead',
    message: `The event time is ${ahead} s ahead of the clock; at most ${maxAhead / 1000} s are allowed.`,
  }
}
