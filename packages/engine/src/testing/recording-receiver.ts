import type { StreamRecord } from '../record.ts'
import type { Receiver } from '../stage/receiver.ts'
import { VALUE } from './event.ts'

/** Writes down what comes along its edges, as text: `5@0` for the value 5 along edge 0, `w7` or `w7 idle` for a watermark. */
export class RecordingReceiver implements Receiver {
  readonly seen: string[] = []
  #edges = 0

  addEdge(): number {
    return this.#edges++
  }

  receive({ row }: StreamRecord, edge: number): void {
    this.seen.push(`${row[VALUE]}@${edge}`)
  }

  forward(watermark: number, idle: boolean): void {
    this.seen.push(`w${watermark}${idle ? ' idle' : ''}`)
  }

  /** What came since the last call. */
  take(): string[] {
    return this.seen.splice(0)
  }
}
