import { describe, expect, it } from 'vitest'
import type { PlannedCut } from '../plan/stage-plan.ts'
import { NO_WATERMARK, type StreamRecord } from '../record.ts'
import { EVENT_FIELDS, eventRow } from '../testing/event.ts'
import { CutPort, keyReader } from './cut-port.ts'
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

describe('keyReader', () => {
  it('reads the text of one field after another', () => {
    const keyOf = keyReader(EVENT_FIELDS, ['key'])
    expect(['a', 'ß', null].map((key) => keyOf(record({ at: 0, key })))).toEqual(['a', 'ß', '\u0000'])
  })

  it('gives all rows of an empty key the same text', () => {
    expect(keyReader(EVENT_FIELDS, [])(record({ at: 0, key: 'a' }))).toBe('')
  })

  it('refuses a field that does not cross', () => {
    expect(() => keyReader(EVENT_FIELDS, ['region'])).toThrow('key field region')
  })
})
