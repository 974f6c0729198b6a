import { describe, expect, it } from 'vitest'
import { NO_WATERMARK, type StreamRecord } from '../record.ts'
import { eventRow } from '../testing/event.ts'
import { RecordingReceiver } from '../testing/recording-receiver.ts'
import { InputPort } from './input-port.ts'
import type { Receiver, StageOrder } from './receiver.ts'

function record(value: number): StreamRecord {
  return { row: eventRow({ at: 0, value }), time: 0, sourceTime: 0, origin: null }
}

function makePort(contributors: readonly string[], interleave = true) {
  const order: StageOrder = { taken: 0, current: 0 }
  const port = new InputPort(contributors, order, interleave)
  const behind = new RecordingReceiver()
  port.connect({ receiver: behind, edge: behind.addEdge() })
  return { port, order, behind }
}

describe('InputPort', () => {
  it('pushes a record along every edge', () => {
    const { port, behind } = makePort(['a'], false)
    const other = new RecordingReceiver()
    port.connect({ receiver: other, edge: 3 })
    port.push(record(1))
    expect([behind.seen, other.seen]).toEqual([['1@0'], ['1@3']])
  })

  it('tells of a watermark before the next record, not before that which caused it', () => {
    const { port, behind } = makePort(['a'])
    port.forwardOn()
    for (const value of [1, 2, 3]) {
      port.push(record(value))
      port.hear('a', value === 2 ? 1 : value, false)
    }
    port.forwardOn()
    expect(behind.seen).toEqual(['w-Infinity', '1@0', 'w1', '2@0', '3@0', 'w3'])
  })

  it('tells of watermarks only when asked, where nobody behind works in order', () => {
    const { port, behind } = makePort(['a'], false)
    for (const value of [1, 2]) {
      port.push(record(value))
      port.hear('a', value, false)
    }
    port.forwardOn()
    port.forwardOn()
    expect(behind.seen).toEqual(['1@0', '2@0', 'w2'])
  })

  it('says after which of the stage’s records a watermark rose', () => {
    const { port, order } = makePort(['a'])
    const places: string[] = []
    const note: Receiver = {
      addEdge: () => 0,
      receive: () => places.push(`record ${order.current}`),
      forward: (watermark) => places.push(`w${watermark} ${order.current}`),
    }
    port.connect({ receiver: note, edge: 0 })
    port.push(record(1))
    port.hear('a', 1, false)
    order.taken = 5
    port.push(record(2))
    expect(places).toEqual(['w-Infinity 0', 'record 1', 'w1 1', 'record 6'])
  })

  it('lets what was said apart from records wait until it is asked for', () => {
    const { port, behind } = makePort(['own', 'other'])
    port.hear('own', 10, false)
    port.note('other', 20, false)
    expect(port.watermark).toBe(NO_WATERMARK)
    port.push(record(1))
    port.forwardOn()
    expect(port.watermark).toBe(10)
    expect(behind.seen).toEqual(['w-Infinity', '1@0', 'w10'])
  })

  it('draws on what was said apart from records when a record moves it too', () => {
    const { port } = makePort(['own', 'other'])
    port.note('other', 20, false)
    port.hear('own', 10, false)
    expect(port.watermark).toBe(10)
  })

  it('tells when the input as a whole falls idle and when it returns', () => {
    const { port, behind } = makePort(['a'])
    port.hear('a', 5, false)
    port.forwardOn()
    port.note('a', 5, true)
    port.forwardOn()
    expect(port.idle).toBe(true)
    port.push(record(1))
    port.hear('a', 3, false)
    port.forwardOn()
    expect(behind.seen).toEqual(['w5', 'w5 idle', '1@0', 'w5'])
  })

  it('is idle where nobody vouches for it, and says so once', () => {
    const { port, behind } = makePort([])
    port.forwardOn()
    port.forwardOn()
    expect(behind.seen).toEqual(['w-Infinity idle'])
  })

  it('goes on from committed entries and tells those behind', () => {
    const { port, behind } = makePort(['a', 'b'])
    port.restore(
      new Map([
        ['a', { watermark: 7, idle: false }],
        ['b', { watermark: 3, idle: true }],
        ['gone', { watermark: 1, idle: false }],
      ]),
    )
    expect([port.watermark, [...port.entries.keys()]]).toEqual([7, ['a', 'b']])
    port.push(record(1))
    expect(behind.seen).toEqual(['w7', '1@0'])
  })
})
