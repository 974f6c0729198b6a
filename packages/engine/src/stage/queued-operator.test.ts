import { scalar } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { createRowCodec } from '../codec/row-codec.ts'
import { encodeStateRow } from '../codec/state-codec.ts'
import { MemoryStore } from '../driver/memory-store.ts'
import type { Operator } from '../operator.ts'
import { EARLIEST_WATERMARK, END_OF_INPUT, NO_WATERMARK, type StreamRecord } from '../record.ts'
import { NodeState } from '../state/node-state.ts'
import { rowName } from '../state/state-key.ts'
import { EVENT_FIELDS, eventRow, VALUE } from '../testing/event.ts'
import { RecordingReceiver } from '../testing/recording-receiver.ts'
import { OperatorSlot } from './operator-slot.ts'
import { MOST_WAITING, QueuedOperator, TIMERS_PER_SLICE } from './queued-operator.ts'
import type { StageOrder } from './receiver.ts'

function record(value: number): StreamRecord {
  return { row: eventRow({ at: 0, value }), time: 0, sourceTime: 0, origin: null }
}

/** An operator with `inputs` inputs, one edge each, before a receiver that writes down what it is told. */
function make({
  inputs = 1,
  holdBack = 0,
  operator = passing as Operator,
  state = null as NodeState | null,
  awaited = null as number | null,
  tickInterval = null as number | null,
}) {
  const order: StageOrder = { taken: 0, current: 0 }
  const slot = new OperatorSlot({
    ...{ nodeId: 'node', role: 'main', operator, probe: {}, latePort: -1 },
    inputFields: Array.from({ length: inputs }, () => EVENT_FIELDS),
    ...{ outputFields: [EVENT_FIELDS], stateFields: [], watermark: () => 0, deadLetter: () => {} },
  })
  const queued = new QueuedOperator({ slot, state, order, holdBack, tickInterval, awaited })
  for (let i = 0; i < inputs; i++) queued.addEdge(i)
  const out = new RecordingReceiver()
  slot.connect(0, { receiver: out, edge: out.addEdge() })
  /** Says something in the place of the next record of the stage. */
  const at = (say: () => void) => {
    order.current = ++order.taken
    say()
  }
  return { queued, out, order, at }
}

const passing: Operator = { process: (one, _, out) => out.emit(one) }

describe('the watermark behind a queued operator', () => {
  it.each([
    [10, false, 'w3'],
    [-5, false, 'w-12'],
    [10, true, 'w3 idle'],
    [END_OF_INPUT, false, `w${END_OF_INPUT}`],
  ])('stays behind by what is held back: %i, idle %s', async (watermark, idle, told) => {
    const { queued, out } = make({ holdBack: 7 })
    queued.forward(watermark, idle, 0)
    await queued.drain()
    expect(out.seen).toEqual([told])
    expect(queued.watermark).toBe(watermark)
  })

  it('is none while there is none', async () => {
    const { queued, out } = make({ holdBack: 7 })
    queued.forward(NO_WATERMARK, false, 0)
    await queued.drain()
    expect(out.seen).toEqual(['w-Infinity'])
  })

  it('goes on from where it was committed, held back again', async () => {
    const { queued, out } = make({ holdBack: 7 })
    queued.restoreWatermark(20)
    queued.forward(15, false, 0)
    await queued.drain()
    expect([queued.watermark, out.seen]).toEqual([20, ['w13']])
  })

  it('is told behind the rows of the timers that it makes due', async () => {
    const state = new NodeState({
      nodeId: 'node',
      birth: 0,
      codec: createRowCodec(NUMBER),
      outside: null,
      complete: true,
      openSubKeys: false,
    })
    const operator: Operator = {
      process: ({ row }) => state.put(String(row[VALUE]), '', [1], 5),
      onTimer({ key, subKey }, out) {
        state.delete(key, subKey)
        out.emit(record(Number(key)))
      },
    }
    const { queued, out, at } = make({ holdBack: 2, operator, state })
    at(() => queued.receive(record(8), 0))
    at(() => queued.forward(4, false, 0))
    at(() => queued.forward(5, false, 0))
    await queued.drain()
    expect(out.seen).toEqual(['w2', '8@0', 'w3'])
  })
})

const NUMBER = [{ name: 'n', type: scalar('int64', false) }]

describe('timers of a queued operator', () => {
  it('fire in slices where many of them are set no more, and their rows are not in memory', async () => {
    const codec = createRowCodec(NUMBER)
    const store = new MemoryStore(500)
    const keys = Array.from({ length: 4 * TIMERS_PER_SLICE }, (_, i) => `k${10_000 + i}`)
    const prefix = 'node:0:'
    for (const key of keys)
      store.values.set(prefix + rowName(key, ''), encodeStateRow({ row: [1], timer: 5 }, codec))
    const state = new NodeState({
      ...{ nodeId: 'node', birth: 0, codec, outside: store.outside, complete: false, openSubKeys: false },
    })
    const fired: string[] = []
    const operator: Operator = {
      process: () => {},
      onTimer({ key, subKey }) {
        fired.push(key)
        state.delete(key, subKey)
      },
    }
    // All timers are in memory; then most rows are gone.
    await state.fetchTimers(5, keys.length)
    const left = keys.filter((_, i) => i % 5 === 0)
    for (const key of keys.filter((_, i) => i % 5 !== 0)) store.values.delete(prefix + rowName(key, ''))
    const { queued } = make({ operator, state })
    queued.forward(5, false, 0)
    await queued.drain()
    while (await queued.fireSlice());
    expect(fired).toEqual(left)
  })
})

describe('a tick of processing time', () => {
  it('comes before its time where too many rows wait for it', () => {
    const state = new NodeState({
      ...{
        nodeId: 'node',
        birth: 0,
        codec: createRowCodec(NUMBER),
        outside: null,
        complete: true,
        openSubKeys: false,
      },
    })
    const { queued } = make({ state, tickInterval: 1_000 })
    expect(queued.takeTick(500)).toEqual([])
    for (let i = 0; i < MOST_WAITING - 1; i++) state.wake(`k${i}`, '')
    expect(queued.takeTick(600)).toEqual([])
    state.wake('one more', '')
    expect(queued.takeTick(700).flat()).toHaveLength(MOST_WAITING)
    expect([queued.nextTick, state.woken]).toEqual([1_000, 0])
  })
})

describe('a queued operator with several inputs', () => {
  it('is as far as the least of its inputs that are not idle', async () => {
    const { queued } = make({ inputs: 3 })
    const tell = async (watermark: number, idle: boolean, edge: number) => {
      queued.forward(watermark, idle, edge)
      await queued.drain()
      return queued.watermark
    }
    expect(await tell(10, false, 0)).toBe(NO_WATERMARK)
    expect(await tell(20, false, 1)).toBe(NO_WATERMARK)
    expect(await tell(NO_WATERMARK, true, 2)).toBe(10)
    expect(await tell(10, true, 0)).toBe(20)
    // It is back, and behind: what it brings is late, the watermark stays.
    expect(await tell(12, false, 0)).toBe(20)
    expect(await tell(30, false, 1)).toBe(20)
    expect(await tell(25, false, 0)).toBe(25)
  })

  it('stands at the furthest where all are idle, and says that it is idle', async () => {
    const { queued, out } = make({ inputs: 2 })
    queued.forward(10, true, 0)
    queued.forward(20, true, 1)
    await queued.drain()
    expect([queued.watermark, out.seen.at(-1)]).toEqual([20, 'w20 idle'])
  })

  it('works in the order of the stage, however its inputs came', async () => {
    const seen: string[] = []
    const operator: Operator = {
      process: ({ row }, input) => seen.push(`${row[VALUE]}@${input} w${queued.watermark}`),
    }
    const { queued, order } = make({ inputs: 2, operator })
    const say = (place: number, what: () => void) => {
      order.current = place
      what()
    }
    say(1, () => queued.receive(record(1), 0))
    say(4, () => queued.receive(record(4), 0))
    say(4, () => queued.forward(40, false, 0))
    say(2, () => queued.receive(record(2), 1))
    say(3, () => queued.forward(30, false, 1))
    say(5, () => queued.receive(record(5), 1))
    order.taken = 5
    await queued.drain()
    expect(seen).toEqual(['1@0 w-Infinity', '2@1 w-Infinity', '4@0 w-Infinity', '5@1 w30'])
  })
})

describe('an operator that awaits one of its inputs', () => {
  it('has no watermark before that has spoken, and then the earliest one where no other has', async () => {
    const { queued } = make({ inputs: 2, awaited: 1 })
    queued.forward(NO_WATERMARK, false, 0)
    queued.forward(NO_WATERMARK, false, 1)
    await queued.drain()
    expect(queued.watermark).toBe(NO_WATERMARK)
    queued.forward(7, false, 0)
    await queued.drain()
    expect(queued.watermark).toBe(NO_WATERMARK)
    queued.forward(NO_WATERMARK, true, 1)
    await queued.drain()
    expect(queued.watermark).toBe(7)
    const silent = make({ inputs: 2, awaited: 1 }).queued
    silent.forward(NO_WATERMARK, false, 0)
    silent.forward(NO_WATERMARK, true, 1)
    await silent.drain()
    expect(silent.watermark).toBe(EARLIEST_WATERMARK)
  })
})
