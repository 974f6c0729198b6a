import { describe, expect, it } from 'vitest'
import { NO_WATERMARK, type Origin, type RawRecord } from '../record.ts'
import type { RecordFault } from '../record-fault.ts'
import { brokenRecord, decodeEvent, eventRecord } from '../testing/event.ts'
import { RecordingReceiver } from '../testing/recording-receiver.ts'
import { InputPort } from './input-port.ts'
import { SourcePort, type SourcePortOptions } from './source-port.ts'

function makePort(options: Partial<SourcePortOptions> = {}) {
  const rejected: { nodeId: string; origin: Origin; code: string }[] = []
  const input = new InputPort(['s1/0', 's1/1'], { taken: 0, current: 0 }, false)
  const behind = new RecordingReceiver()
  input.connect({ receiver: behind, edge: behind.addEdge() })
  const port = new SourcePort({
    ...{ nodeId: 'source', own: 's1/0', decode: decodeEvent, input, probe: {} },
    time: { outOfOrderness: 10, idleTimeout: null, maxAhead: 1000 },
    reject: (nodeId: string, origin: Origin, { code }: RecordFault) =>
      rejected.push({ nodeId, origin, code }),
    ...options,
  })
  return { port, rejected, behind }
}

function at(time: number, offset = 0): RawRecord {
  return eventRecord({ at: time, value: time }, offset)
}

describe('SourcePort', () => {
  it('decodes a record, pushes it with its origin and moves the watermark of its partition', () => {
    const { port, behind } = makePort()
    port.accept(at(100), null)
    expect(behind.seen).toEqual(['100@0'])
    expect(port.own).toEqual({ watermark: 89, idle: false })
    expect(port.counters).toEqual({ in: 1, out: 1, filtered: 0, late: 0, errors: 0 })
  })

  it('does not go back for an older record, and takes times before 1970', () => {
    const { port } = makePort()
    port.accept(at(-5), null)
    expect(port.own.watermark).toBe(-16)
    port.accept(at(-50), null)
    expect(port.own.watermark).toBe(-16)
  })

  it('rejects what cannot be decoded with its bytes, and moves no watermark', () => {
    const { port, rejected, behind } = makePort()
    const broken = brokenRecord(7)
    port.accept(broken, null)
    expect(rejected).toEqual([{ nodeId: 'source', origin: broken, code: 'not_json' }])
    expect([behind.seen, port.own.watermark]).toEqual([[], NO_WATERMARK])
    expect(port.counters).toEqual({ in: 1, out: 0, filtered: 0, late: 0, errors: 1 })
  })

  it('throws faults of the decoder on', () => {
    const { port } = makePort({
      decode() {
        throw new TypeError('a bug')
      },
    })
    expect(() => port.accept(at(1), null)).toThrow('a bug')
  })

  it.each([
    ['at the bound', 2000, []],
    ['beyond the bound', 2001, ['too_far_ahead']],
  ])('judges a record %s of the clock', (_, time, codes) => {
    const { port, rejected } = makePort()
    port.accept(at(time), 1000)
    expect(rejected.map(({ code }) => code)).toEqual(codes)
    expect(port.own.watermark).toBe(codes.length === 0 ? 1989 : NO_WATERMARK)
  })

  it('takes any future without a clock, and without a bound', () => {
    const { port } = makePort()
    port.accept(at(1e12), null)
    expect(port.own.watermark).toBe(1e12 - 11)
    const unbound = makePort({ time: { outOfOrderness: 0, idleTimeout: null, maxAhead: null } })
    unbound.port.accept(at(1e12), 0)
    expect(unbound.rejected).toEqual([])
  })

  it('is idle until the next record', () => {
    const { port } = makePort()
    port.accept(at(100), null)
    expect([port.markIdle(), port.markIdle()]).toEqual([true, false])
    expect(port.own).toEqual({ watermark: 89, idle: true })
    port.accept(at(50), null)
    expect(port.own).toEqual({ watermark: 89, idle: false })
  })
})

describe('the source of a reference', () => {
  it('moves no watermark, and is idle once it has been read', () => {
    const { port, behind } = makePort({
      time: { outOfOrderness: 0, idleTimeout: 0, maxAhead: null, untilRead: true },
    })
    port.accept(at(100), null)
    expect([behind.seen, port.own]).toEqual([['100@0'], { watermark: NO_WATERMARK, idle: false }])
    expect(port.markIdle()).toBe(true)
    port.accept(at(200), null)
    expect(port.own).toEqual({ watermark: NO_WATERMARK, idle: true })
  })

  it('takes what lies far ahead, which moves no watermark either', () => {
    const { port, behind, rejected } = makePort({
      time: { outOfOrderness: 10, idleTimeout: null, maxAhead: 1000, takesAhead: true },
    })
    port.accept(at(6001), 5000)
    port.accept(at(6000), 5000)
    expect([behind.seen, rejected, port.own.watermark]).toEqual([['6001@0', '6000@0'], [], 5989])
  })
})
