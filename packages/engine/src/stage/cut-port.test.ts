import { describe, expect, it } from 'vitest'
import type { PlannedCut } from '../plan/stage-plan.ts'
import { asDeletion, asNewRow, asUpdate, NO_WATERMARK, type StreamRecord } from '../record.ts'
import { EVENT_FIELDS, eventRow } from '../testing/event.ts'
import { CutPort } from './cut-port.ts'
import type { StageOutput } from './stage-output.ts'

function record(event: Parameters<typeof eventRow>[0]): StreamRecord {
  return { row: eventRow(event), time: 0, sourceTime: 0, origin: null }
}

function makePort(key: readonly string[] | null) {
  const crossed: (readonly [PlannedCut, string | null, StreamRecord])[] = []
  const output: StageOutput = {
    repartition: (...row) => crossed.push(row),
    topic() {},
    outbox() {},
    deadLetter() {},
  }
  const cut: PlannedCut = { stage: 's2', input: 1, key }
  return { cut, crossed, port: new CutPort(cut, EVENT_FIELDS, output) }
}

describe('CutPort', () => {
  it('finds the key by which a row is placed', () => {
    const { cut, crossed, port } = makePort(['group', 'key'])
    const one = record({ at: 0, key: 'a', group: null })
    port.receive(one)
    expect(crossed).toEqual([[cut, '-1:a', one]])
  })

  it('leaves a row in its partition where there is no key', () => {
    const { crossed, port } = makePort(null)
    port.receive(record({ at: 0 }))
    expect(crossed[0]?.[1]).toBeNull()
  })

  it('sends an update whole where its row keeps the key', () => {
    const { cut, crossed, port } = makePort(['key'])
    const update = asUpdate(record({ at: 0, key: 'a', value: 2 }), eventRow({ at: 0, key: 'a', value: 1 }))
    port.receive(update)
    expect(crossed).toEqual([[cut, 'a', update]])
  })

  it('sends a deletion there and a row here where an update moves its row to another key', () => {
    const { cut, crossed, port } = makePort(['key'])
    const before = eventRow({ at: 0, key: 'a' })
    const update = asUpdate(record({ at: 0, key: 'b' }), before)
    port.receive(update)
    expect(crossed).toEqual([
      [cut, 'a', asDeletion(update, before)],
      [cut, 'b', asNewRow(update)],
    ])
  })

  it('sends an update that does not tell the row before, and one that keeps its partition, whole', () => {
    for (const [key, update] of [
      [['key'], asUpdate(record({ at: 0, key: 'b' }))],
      [null, asUpdate(record({ at: 0, key: 'b' }), eventRow({ at: 0, key: 'a' }))],
    ] as const) {
      const { cut, crossed, port } = makePort(key)
      port.receive(update)
      expect(crossed).toEqual([[cut, key && 'b', update]])
    }
  })

  it('knows the minimum of its edges', () => {
    const { port } = makePort(null)
    const [first, second] = [port.addEdge(), port.addEdge()]
    port.forward(10, false, first)
    expect(port.progress).toEqual({ watermark: NO_WATERMARK, idle: false })
    port.forward(7, false, second)
    expect(port.progress).toEqual({ watermark: 7, idle: false })
    port.forward(7, true, second)
    port.forward(10, true, first)
    expect(port.progress).toEqual({ watermark: 10, idle: true })
  })
})
