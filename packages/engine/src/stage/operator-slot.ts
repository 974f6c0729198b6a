import { encodeJson, type Field, type Row } from '@millrace/expr'
import type { StreamUpdates } from '@millrace/graph'
import type { DueTimer, Operator, Output, PartialOperator, Tick } from '../operator.ts'
import type { OperatorRole } from '../plan/stage-plan.ts'
import type { DeadLetter, Origin, StreamRecord } from '../record.ts'
import { type RecordFault, recordFault } from '../record-fault.ts'
import { MAX_ROW_BYTES, type RefusedRow } from '../state/node-state-options.ts'
import { WatermarkTracker } from '../time/watermark-tracker.ts'
import { type Counters, newCounters } from './counters.ts'
import { type KeyOf, splitMove } from './key-of.ts'
import type { Receiver, Target } from './receiver.ts'
import type { Probe } from './stage-output.ts'

/** Characters of a key in a message. */
const SHOWN_KEY = 100

/** What a slot is made with. */
export interface SlotOptions {
  readonly nodeId: string
  readonly role: OperatorRole
  readonly operator: Operator
  /** Fields of the rows that come in, by input index. */
  readonly inputFields: readonly (readonly Field[])[]
  /** Fields of the rows that go out, by output port index. */
  readonly outputFields: readonly (readonly Field[])[]
  /** By input index: the key by which the operator holds rows of an updating stream; null where it need not be told of moves. */
  readonly movesBy?: readonly (KeyOf | null)[]
  /** By output port: what its stream says of updates. */
  readonly updates?: readonly (StreamUpdates | undefined)[]
  /** Fields of the operator's state rows. */
  readonly stateFields: readonly Field[]
  /** Index of the input that brings the rows of a keyed reference, which are no events; −1 where there is none. */
  readonly referenceInput?: number
  /** Index of the output port for late records; −1 where the node has none. */
  readonly latePort: number
  readonly probe: Probe
  /** The node's watermark, epoch ms. */
  watermark(): number
  /** Takes what the operator could not handle. */
  deadLetter(letter: DeadLetter): void
}

/** An operator in its place: counts, catches what fails, and sends results along the edges. */
export class OperatorSlot implements Receiver, Output {
  readonly nodeId: string
  readonly operator: Operator
  readonly counters: Counters = newCounters()
  readonly #options: SlotOptions
  readonly #role: OperatorRole
  readonly #probe: Probe
  /** By edge: the input at which it ends. */
  readonly #inputs: number[] = []
  readonly #tracker = new WatermarkTracker<number>([])
  readonly #targets: Target[][] = []
  /** Where the record at hand came in. */
  #input = 0

  constructor(options: SlotOptions) {
    this.nodeId = options.nodeId
    this.operator = options.operator
    this.#options = options
    this.#role = options.role
    this.#probe = options.probe
  }

  /** The watermark of the edges that end here. */
  get watermark(): number {
    return this.#tracker.watermark
  }

  addEdge(input: number): number {
    this.#tracker.add(this.#inputs.length)
    return this.#inputs.push(input) - 1
  }

  /** Adds an edge that begins at an output port. */
  connect(port: number, target: Target): void {
    while (this.#targets.length <= port) this.#targets.push([])
    this.#targets[port]?.push(target)
  }

  receive(record: StreamRecord, edge: number): void {
    const input = this.#inputs[edge] as number
    const parts = this.split(record, input)
    if (parts === null) this.handle(record, input)
    else for (const part of parts) this.handle(part, input)
  }

  /** An update that moves a row to another key of the operator, as a deletion and a new row; null for everything else. */
  split(record: StreamRecord, input: number): readonly StreamRecord[] | null {
    if (record.before === undefined) return null
    const keyOf = this.#options.movesBy?.[input] ?? null
    const parts = keyOf && splitMove(record, keyOf)
    const { trace } = this.#probe
    if (trace && parts) for (const part of parts) trace.derived(record, part)
    return parts
  }

  forward(watermark: number, idle: boolean, edge: number): void {
    this.#tracker.update(edge, watermark, idle)
    this.forwardOn(this.#tracker.watermark, this.#tracker.idle)
  }

  /** Lets the operator handle a record that arrived at the input with this index. */
  handle(record: StreamRecord, input: number): void {
    const isReference = input === this.#options.referenceInput
    this.#probe.trace?.begin(this.nodeId, isReference ? null : record, input)
    // What a merge reads are partial rows; the records were counted before the cut.
    if (this.#role !== 'merge' && !isReference) {
      this.counters.in++
      this.#probe.into?.(this.nodeId, record, input)
    }
    this.#input = input
    try {
      this.operator.process(record, input, this)
    } catch (error) {
      this.#fail(error, record.row, this.#options.inputFields[input] ?? [], record.origin)
    }
  }

  /** Lets the operator handle a due timer. False where it could not: the row must then go. */
  fire(timer: DueTimer): boolean {
    this.#probe.trace?.due(this.nodeId, timer.key, timer.subKey)
    try {
      this.operator.onTimer?.(timer, this)
      return true
    } catch (error) {
      this.#fail(error, timer.row, this.#options.stateFields, null)
      return false
    }
  }

  /** Lets the operator handle a tick. */
  tick(tick: Tick): void {
    this.#probe.trace?.due(this.nodeId, tick.key, tick.subKey)
    try {
      this.operator.onTick?.(tick, this)
    } catch (error) {
      this.#fail(error, tick.row, this.#options.stateFields, null)
    }
  }

  /** Sends a state row that is too large to be kept to dead letters. */
  refuse({ key, row, bytes }: RefusedRow): void {
    const rowJson = encodeJson(this.#options.stateFields)(row)
    const message = `What the node keeps of key ${key.slice(0, SHOWN_KEY)} takes ${bytes} bytes; a state row may take ${MAX_ROW_BYTES}. It is given up, and begins anew with the next event.`
    this.counters.errors++
    this.#options.deadLetter({
      ...{ nodeId: this.nodeId, code: 'state_too_large', message },
      ...{ origin: null, rowJson },
    })
  }

  /** Emits what the operator holds back, if it may do so. */
  flush(): void {
    if (this.#role === 'partial') (this.operator as PartialOperator).flush?.(this)
  }

  /** Tells everyone behind how far the operator is. */
  forwardOn(watermark: number, idle: boolean): void {
    for (const targets of this.#targets) {
      for (const { receiver, edge } of targets) receiver.forward(watermark, idle, edge)
    }
  }

  emit(record: StreamRecord, port = 0): void {
    if (record.kind !== undefined) this.#checkChange(record, port)
    this.#probe.trace?.sent(this.nodeId, record)
    if (this.#role !== 'partial') {
      this.counters.out++
      this.#probe.out?.(this.nodeId, port, record)
    }
    this.#send(record, port)
  }

  drop(record: StreamRecord, cause: string): void {
    this.counters.filtered++
    this.#probe.dropped?.(this.nodeId, record, cause, this.#input)
  }

  late(record: StreamRecord, count = 1): void {
    this.counters.late += count
    this.#probe.trace?.sent(this.nodeId, record)
    this.#probe.late?.(this.nodeId, record, this.#options.watermark())
    this.#send(record, this.#options.latePort)
  }

  fault(row: Row, { code, message }: RecordFault, port = 0): void {
    const rowJson = encodeJson(this.#options.outputFields[port] ?? [])(row)
    this.counters.errors++
    this.#options.deadLetter({ nodeId: this.nodeId, code, message, origin: null, rowJson })
  }

  /** A change in a stream that promises other ones would be believed: whoever reads it could not be right. */
  #checkChange({ kind, before }: StreamRecord, port: number): void {
    const { nodeId, updates } = this.#options
    if (updates === undefined || port >= updates.length) return
    const promised = updates[port]
    if (promised === undefined)
      throw new Error(`node ${nodeId} sent a change at port ${port}, which is append-only`)
    if (promised.before && kind === 'update' && before === undefined)
      throw new Error(`node ${nodeId} sent an update at port ${port} without the row before`)
  }

  #send(record: StreamRecord, port: number): void {
    const targets = this.#targets[port]
    if (targets === undefined) return
    for (let i = 0; i < targets.length; i++) {
      const { receiver, edge } = targets[i] as Target
      receiver.receive(record, edge)
    }
  }

  /** The original bytes say more than the row, where they are at hand. */
  #fail(error: unknown, row: Row, fields: readonly Field[], origin: Origin | null): void {
    const { code, message } = recordFault(error)
    this.counters.errors++
    const rowJson = origin?.value === undefined ? encodeJson(fields)(row) : null
    this.#options.deadLetter({ nodeId: this.nodeId, code, message, origin, rowJson })
  }
}
