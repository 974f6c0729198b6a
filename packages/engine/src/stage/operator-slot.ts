import type { Operator, Output } from '../operator.ts'
import type { OperatorRole } from '../plan/stage-plan.ts'
import type { StreamRecord } from '../record.ts'
import { type RecordFault, recordFault } from '../record-fault.ts'
import { type Counters, newCounters } from './counters.ts'
import type { Receiver, Target } from './receiver.ts'
import type { Probe } from './stage-output.ts'

/** What a slot is made with. */
export interface SlotOptions {
  readonly nodeId: string
  readonly role: OperatorRole
  readonly operator: Operator
  /** Index of the output port for late records; −1 where the node has none. */
  readonly latePort: number
  readonly probe: Probe
  /** Takes a record that the operator could not handle. */
  reject(nodeId: string, record: StreamRecord, fault: RecordFault): void
}

/** An operator in its place: counts, catches what fails, and sends results along the edges. */
export class OperatorSlot implements Receiver, Output {
  readonly nodeId: string
  readonly operator: Operator
  readonly counters: Counters = newCounters()
  readonly #role: OperatorRole
  readonly #latePort: number
  readonly #probe: Probe
  readonly #reject: SlotOptions['reject']
  readonly #targets: Target[][] = []

  constructor(options: SlotOptions) {
    this.nodeId = options.nodeId
    this.operator = options.operator
    this.#role = options.role
    this.#latePort = options.latePort
    this.#probe = options.probe
    this.#reject = options.reject
  }

  /** Adds an edge that begins at an output port. */
  connect(port: number, target: Target): void {
    while (this.#targets.length <= port) this.#targets.push([])
    this.#targets[port]?.push(target)
  }

  receive(record: StreamRecord, input: number): void {
    // What a merge reads are partial rows; the records were counted before the cut.
    if (this.#role !== 'merge') {
      this.counters.in++
      this.#probe.into?.(this.nodeId, record)
    }
    try {
      this.operator.process(record, input, this)
    } catch (error) {
      this.#fail(record, error)
    }
  }

  forward(watermark: number, idle: boolean): void {
    for (const targets of this.#targets) {
      for (const { receiver, input } of targets) receiver.forward(watermark, idle, input)
    }
  }

  emit(record: StreamRecord, port = 0): void {
    if (this.#role !== 'partial') {
      this.counters.out++
      this.#probe.out?.(this.nodeId, port, record)
    }
    const targets = this.#targets[port]
    if (targets === undefined) return
    for (let i = 0; i < targets.length; i++) {
      const { receiver, input } = targets[i] as Target
      receiver.receive(record, input)
    }
  }

  drop(record: StreamRecord, cause: string): void {
    this.counters.filtered++
    this.#probe.dropped?.(this.nodeId, record, cause)
  }

  late(record: StreamRecord, count = 1): void {
    this.counters.late += count
    this.#probe.late?.(this.nodeId, record)
    for (const { receiver, input } of this.#targets[this.#latePort] ?? []) receiver.receive(record, input)
  }

  #fail(record: StreamRecord, error: unknown): void {
    const fault = recordFault(error)
    this.counters.errors++
    this.#reject(this.nodeId, record, fault)
  }
}
