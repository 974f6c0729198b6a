import { EvaluationError, type Row } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { type Operator, RecordError } from '../operator.ts'
import type { OperatorRole } from '../plan/stage-plan.ts'
import { asDeletion, asNewRow, asUpdate, type DeadLetter, type Origin, type StreamRecord } from '../record.ts'
import { EVENT_FIELDS, eventRow } from '../testing/event.ts'
import { RecordingReceiver } from '../testing/recording-receiver.ts'
import { OperatorSlot, type SlotOptions } from './operator-slot.ts'
import type { Probe } from './stage-output.ts'

const origin: Origin = { topic: 't', partition: 1, offset: 2, key: null, value: Uint8Array.of(1, 2) }
const behindCut: Origin = { topic: 't', partition: 1, offset: 2 }

function record(value: number, from: Origin | null = origin): StreamRecord {
  return { row: eventRow({ at: 0, value }), time: 0, sourceTime: 0, origin: from }
}

function makeSlot(
  operator: Operator,
  role: OperatorRole = 'main',
  probe: Probe = {},
  more: Partial<SlotOptions> = {},
) {
  const letters: DeadLetter[] = []
  const slot = new OperatorSlot({
    ...{ nodeId: 'node', role, operator, probe, latePort: 1 },
    inputFields: [EVENT_FIELDS, EVENT_FIELDS.slice(0, 1)],
    outputFields: [EVENT_FIELDS.slice(1, 2)],
    stateFields: EVENT_FIELDS.slice(3, 4),
    watermark: () => 0,
    deadLetter: (letter) => letters.push(letter),
    ...more,
  })
  slot.addEdge(0)
  const out = new RecordingReceiver()
  const late = new RecordingReceiver()
  slot.connect(0, { receiver: out, edge: out.addEdge() })
  slot.connect(1, { receiver: late, edge: late.addEdge() })
  return { slot, letters, out, late }
}

const passing: Operator = { process: (one, _, out) => out.emit(one) }
const dropping: Operator = { process: (one, _, out) => out.drop(one, 'why not') }
const delaying: Operator = { process: (one, _, out) => out.late(one, 3) }

function throwing(error: Error): Operator {
  return {
    process() {
      throw error
    },
  }
}

describe('OperatorSlot', () => {
  it.each([
    ['main', passing, { in: 1, out: 1, filtered: 0, late: 0, errors: 0 }],
    ['main', dropping, { in: 1, out: 0, filtered: 1, late: 0, errors: 0 }],
    ['main', delaying, { in: 1, out: 0, filtered: 0, late: 3, errors: 0 }],
    ['main', throwing(new RecordError('a', 'b')), { in: 1, out: 0, filtered: 0, late: 0, errors: 1 }],
    ['partial', passing, { in: 1, out: 0, filtered: 0, late: 0, errors: 0 }],
    ['merge', passing, { in: 0, out: 1, filtered: 0, late: 0, errors: 0 }],
    ['merge', delaying, { in: 0, out: 0, filtered: 0, late: 3, errors: 0 }],
  ] as const)('as %s counts what the operator does (%#)', (role, operator, counters) => {
    const { slot } = makeSlot(operator, role)
    slot.receive(record(1), 0)
    expect(slot.counters).toEqual(counters)
  })

  it('sends results along the edges of their port', () => {
    const { slot, out, late } = makeSlot({
      process(one, _, output) {
        output.emit(one)
        output.emit(one, 1)
        output.emit(one, 2)
      },
    })
    const second = new RecordingReceiver()
    slot.connect(0, { receiver: second, edge: 7 })
    slot.receive(record(5), 0)
    expect([out.seen, second.seen, late.seen]).toEqual([['5@0'], ['5@7'], ['5@0']])
    expect(slot.counters.out).toBe(3)
  })

  it('sends late records to the late port, where it is connected', () => {
    const { slot, late, out } = makeSlot(delaying)
    slot.receive(record(5), 0)
    expect([late.seen, out.seen]).toEqual([['5@0'], []])
    const alone = new OperatorSlot({
      ...{ nodeId: 'node', role: 'main', operator: delaying, probe: {}, latePort: -1 },
      ...{ inputFields: [], outputFields: [], stateFields: [], watermark: () => 0, deadLetter: () => {} },
    })
    alone.handle(record(5), 0)
    expect(alone.counters.late).toBe(3)
  })

  it('hands a record over with the input at which its edge ends', () => {
    const inputs: number[] = []
    const { slot } = makeSlot({ process: (_, input) => inputs.push(input) })
    const edge = slot.addEdge(1)
    slot.receive(record(1), edge)
    slot.receive(record(1), 0)
    expect(inputs).toEqual([1, 0])
  })

  it('makes a dead letter with the original bytes of what fails', () => {
    const { slot, letters } = makeSlot(throwing(new RecordError('bad', 'It is bad.')))
    slot.receive(record(5), 0)
    expect(letters).toEqual([{ nodeId: 'node', code: 'bad', message: 'It is bad.', origin, rowJson: null }])
  })

  it('makes a dead letter with the row as JSON where the bytes are not at hand', () => {
    const error = new EvaluationError('int64_overflow', 'too large')
    const { slot, letters } = makeSlot(throwing(error))
    slot.receive(record(5, behindCut), 0)
    slot.receive(record(6, null), 0)
    expect(letters.map(({ origin: from, rowJson }) => [from, rowJson])).toEqual([
      [behindCut, '{"at":0,"key":null,"group":null,"value":5,"n":1}'],
      [null, '{"at":0,"key":null,"group":null,"value":6,"n":1}'],
    ])
  })

  it('writes that JSON by the fields of the input at which the row came', () => {
    const { slot, letters } = makeSlot(throwing(new RecordError('bad', '')))
    slot.handle({ ...record(1, null), row: [17] }, 1)
    expect(letters[0]?.rowJson).toBe('{"at":17}')
  })

  it('makes a dead letter of a row that the operator made and finds at fault, and counts it', () => {
    const fault = { code: 'int64_overflow', message: 'sum: too large' }
    const { slot, letters } = makeSlot({ process: (_, __, output) => output.fault(['EU'], fault) })
    slot.receive(record(5), 0)
    expect(letters).toEqual([{ nodeId: 'node', ...fault, origin: null, rowJson: '{"key":"EU"}' }])
    expect(slot.counters).toMatchObject({ out: 0, errors: 1 })
  })

  it('throws faults of ours on', () => {
    const { slot, letters } = makeSlot(throwing(new TypeError('a bug')))
    expect(() => slot.receive(record(1), 0)).toThrow('a bug')
    expect([slot.counters.errors, letters]).toEqual([0, []])
  })

  it('lets a fault of ours behind it through, and keeps the dead letter of the node that failed', () => {
    const inner = makeSlot(throwing(new RecordError('bad', '')))
    const outer = makeSlot(passing)
    outer.slot.connect(0, { receiver: inner.slot, edge: 0 })
    outer.slot.receive(record(1), 0)
    expect([outer.slot.counters.errors, inner.slot.counters.errors, inner.letters.length]).toEqual([0, 1, 1])
    const broken = makeSlot(throwing(new TypeError('a bug')))
    outer.slot.connect(0, { receiver: broken.slot, edge: 0 })
    expect(() => outer.slot.receive(record(1), 0)).toThrow('a bug')
  })

  it('makes a dead letter of the state row whose timer fails', () => {
    const { slot, letters } = makeSlot({
      process() {},
      onTimer() {
        throw new RecordError('overflow', 'too large')
      },
    })
    expect(slot.fire({ time: 1, key: 'k', subKey: '', row: [9] })).toBe(false)
    expect(slot.counters).toEqual({ in: 0, out: 0, filtered: 0, late: 0, errors: 1 })
    expect(letters).toEqual([
      { nodeId: 'node', code: 'overflow', message: 'too large', origin: null, rowJson: '{"value":9}' },
    ])
  })

  it('lets partial operators alone hold results back', () => {
    const flushed: string[] = []
    for (const role of ['main', 'partial', 'merge'] as const) {
      const operator = { process() {}, flush: () => flushed.push(role) }
      makeSlot(operator, role).slot.flush()
    }
    makeSlot(passing, 'partial').slot.flush()
    expect(flushed).toEqual(['partial'])
  })

  it('passes watermarks on to every port', () => {
    const { slot, out, late } = makeSlot(passing)
    slot.forward(4, false, 0)
    slot.forward(4, true, 0)
    expect([out.seen, late.seen]).toEqual([
      ['w4', 'w4 idle'],
      ['w4', 'w4 idle'],
    ])
    expect(slot.watermark).toBe(4)
  })

  it('passes the minimum of its edges on', () => {
    const { slot, out } = makeSlot(passing)
    const second = slot.addEdge(0)
    slot.forward(10, false, 0)
    slot.forward(5, false, second)
    slot.forward(5, true, second)
    slot.forward(10, true, 0)
    expect(out.seen).toEqual(['w-Infinity', 'w5', 'w10', 'w10 idle'])
  })

  it.each([
    ['any change at an append-only port', 0, asUpdate(record(1), eventRow({ at: 0 })), 'append-only'],
    ['a deletion at an append-only port', 0, asDeletion(record(1), eventRow({ at: 0 })), 'append-only'],
    ['an update that does not tell what it must', 1, asUpdate(record(1)), 'without the row before'],
  ])('takes %s for a fault of the node', (_, port, change, message) => {
    const operator: Operator = { process: (_one, _input, out) => out.emit(change, port) }
    const updates = [undefined, { key: ['key'], before: true }, { key: ['key'], before: false }]
    expect(() => makeSlot(operator, 'main', {}, { updates }).slot.receive(record(1), 0)).toThrow(message)
    for (const fine of [1, 2]) {
      const told: Operator = {
        process: (_one, _input, out) => out.emit(asUpdate(record(1), record(2).row), fine),
      }
      makeSlot(told, 'main', {}, { updates }).slot.receive(record(1), 0)
    }
  })

  it('hands an update that moves a row to another key over as a deletion and a new row', () => {
    const seen: StreamRecord[] = []
    const operator: Operator = { process: (one) => seen.push(one) }
    const movesBy = [({ 3: value }: Row) => String(value)]
    const { slot } = makeSlot(operator, 'main', {}, { movesBy })
    const moved = asUpdate(record(2), record(1).row)
    slot.receive(moved, 0)
    const kept = asUpdate(record(2), record(2).row)
    slot.receive(kept, 0)
    expect(seen).toEqual([asDeletion(moved, record(1).row), asNewRow(moved), kept])
    expect(slot.counters.in).toBe(3)
  })

  it('shows the probe what goes by', () => {
    const seen: string[] = []
    const probe: Probe = {
      into: (id) => seen.push(`into ${id}`),
      out: (id, port) => seen.push(`out ${id} ${port}`),
      dropped: (id, _, cause) => seen.push(`dropped ${id} ${cause}`),
      late: (id) => seen.push(`late ${id}`),
    }
    for (const operator of [passing, dropping, delaying])
      makeSlot(operator, 'main', probe).slot.receive(record(1), 0)
    expect(seen).toEqual([
      ...['into node', 'out node 0', 'into node', 'dropped node why not', 'into node', 'late node'],
    ])
    seen.length = 0
    makeSlot(passing, 'partial', probe).slot.receive(record(1), 0)
    makeSlot(passing, 'merge', probe).slot.receive(record(1), 0)
    expect(seen).toEqual(['into node', 'out node 0'])
  })
})
