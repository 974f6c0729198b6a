import { type Row, scalar } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Output, RecordError } from './operator.ts'
import { asDeletion, asNewRow, asUpdate, type StreamRecord } from './record.ts'
import type { RecordFault } from './record-fault.ts'
import { type PassRow, statelessOperator } from './stateless.ts'
import { checkProperty } from './testing/check-property.ts'

const FIELDS = ['id', 'value'].map((name) => ({ name, type: scalar('int64', false) }))

function streamOf(before: boolean): StreamSchema {
  return { fields: FIELDS, partitionedBy: null, eventTimeField: null, updates: { key: ['id'], before } }
}

function record(id: number, value: number): StreamRecord {
  return { row: [id, value], time: 5, sourceTime: 6, origin: null }
}

/** Negative values fail, zero goes nowhere, even values go to port 0, odd ones to port 1. */
const sorting: PassRow = ({ row }) => {
  const value = row[1] as number
  if (value < 0) throw new RecordError('negative', 'negative')
  return value === 0 ? { drop: 'zero' } : { row, port: value % 2 }
}

/** As `sorting`, but to one port, and with the square. */
const squaring: PassRow = ({ row }) => {
  const [id, value] = row as readonly [number, number]
  if (value < 0) throw new RecordError('negative', 'negative')
  return { row: [id, value * value], port: 0 }
}

/** Writes down what an operator sends, as text. */
class Seen implements Output {
  readonly seen: string[] = []
  emit({ row, kind, before }: StreamRecord, port = 0): void {
    this.seen.push(`${kind ?? 'row'} ${before ? `${before[1]}→` : ''}${row[1]} at ${port}`)
  }
  drop(_: StreamRecord, cause: string): void {
    this.seen.push(`dropped: ${cause}`)
  }
  late(): void {}
  fault(row: Row, { code }: RecordFault, port = 0): void {
    this.seen.push(`${code} of ${row[1]} at ${port}`)
  }
}

function run(pass: PassRow, before: boolean, one: StreamRecord, ports = [0, 1]): string[] {
  const out = new Seen()
  try {
    statelessOperator({ inputs: [streamOf(before)] }, pass, ports).process(one, 0, out)
  } catch (error) {
    out.seen.push(`threw ${(error as RecordError).code}`)
  }
  return out.seen
}

describe('a stateless operator', () => {
  it.each([
    [2, ['row 2 at 0']],
    [3, ['row 3 at 1']],
    [0, ['dropped: zero']],
    [-1, ['threw negative']],
  ])('passes a new row of value %i', (value, seen) => {
    expect(run(sorting, true, record(1, value))).toEqual(seen)
  })

  describe('with parts of a row that are null because of an error', () => {
    /** Two such parts where the value is 7; zero is dropped, and so is 8, with one. */
    const counting: PassRow = ({ row }, { time, onSoftError }) => {
      const value = row[1] as number
      expect(time).toBe(5)
      if (value >= 7) onSoftError?.('decimal_overflow')
      if (value === 7) onSoftError?.('decimal_overflow')
      if (value < 0) throw new RecordError('negative', 'negative')
      return value === 0 || value === 8 ? { drop: 'zero' } : { row, port: value % 2 }
    }
    const overflow = (value: number, port: number) => `decimal_overflow of ${value} at ${port}`

    it.each([
      [1, ['row 1 at 1']],
      [7, [overflow(7, 1), overflow(7, 1), 'row 7 at 1']],
      [8, [overflow(8, 0), 'dropped: zero']],
    ])('counts each of a new row of value %i', (value, seen) => {
      expect(run(counting, true, record(1, value))).toEqual(seen)
    })

    it('counts those of an update once, not again those of the row before', () => {
      const update = asUpdate(record(1, 9), [1, 7])
      expect(run(counting, true, update)).toEqual([overflow(9, 1), 'update 7→9 at 1'])
      expect(run(counting, true, asUpdate(record(1, 3), [1, 7]))).toEqual(['update 7→3 at 1'])
    })

    it('keeps none for the next record', () => {
      const out = new Seen()
      const failing: PassRow = (one, context) => {
        context.onSoftError?.('decimal_overflow')
        return counting(one, { ...context, onSoftError: undefined })
      }
      let pass = failing
      const operator = statelessOperator(
        { inputs: [streamOf(true)] },
        (one, context) => pass(one, context),
        [0, 1],
      )
      expect(() => operator.process(record(1, -1), 0, out)).toThrow('negative')
      pass = counting
      operator.process(record(1, 1), 0, out)
      expect(out.seen).toEqual(['row 1 at 1'])
    })
  })

  it('passes a record on as it is where the row stays', () => {
    const seen: StreamRecord[] = []
    const one = record(1, 2)
    const out: Output = { emit: (sent) => seen.push(sent), drop() {}, late() {}, fault() {} }
    statelessOperator({ inputs: [streamOf(true)] }, sorting, [0, 1]).process(one, 0, out)
    expect(seen[0]).toBe(one)
  })

  it.each([
    [2, 4, ['update 2→4 at 0']],
    [2, 3, ['delete 2 at 0', 'row 3 at 1']],
    [2, 0, ['delete 2 at 0', 'dropped: zero']],
    [2, -1, ['delete 2 at 0', 'threw negative']],
    [0, 2, ['row 2 at 0']],
    [0, 0, ['dropped: zero']],
    [-1, 3, ['row 3 at 1']],
    [-1, -2, ['threw negative']],
  ])('passes an update from %i to %i', (was, is, seen) => {
    expect(run(sorting, true, asUpdate(record(1, is), [1, was]))).toEqual(seen)
  })

  it.each([
    [2, ['delete 2 at 0']],
    [0, ['dropped: zero']],
    [-1, ['dropped: negative']],
  ])('passes the deletion of a row of value %i', (value, seen) => {
    expect(run(sorting, true, asDeletion(record(1, value), [1, value]))).toEqual(seen)
  })

  it.each([
    [asUpdate(record(1, 2)), ['update 2 at 0', 'delete 2 at 1']],
    [asUpdate(record(1, 0)), ['dropped: zero', 'delete 0 at 0', 'delete 0 at 1']],
    [asDeletion(record(1, 3), [1, 3]), ['delete 3 at 0', 'delete 3 at 1']],
    [asDeletion(record(1, 0), [1, 0]), ['dropped: zero', 'delete 0 at 0', 'delete 0 at 1']],
  ])('takes a row back everywhere else where nobody tells what it was (%#)', (one, seen) => {
    expect(run(sorting, false, one)).toEqual(seen)
  })

  it('leaves ports alone that are not its own', () => {
    expect(run(sorting, false, asUpdate(record(1, 3)), [1, 4])).toEqual(['update 3 at 1', 'delete 3 at 4'])
  })

  it('makes other rows of both images', () => {
    expect(run(squaring, true, asUpdate(record(1, 3), [1, 2]), [0])).toEqual(['update 4→9 at 0'])
    expect(run(squaring, false, asUpdate(record(1, 3)), [0])).toEqual(['update 9 at 0'])
    expect(run(squaring, true, asDeletion(record(1, 2), [1, 2]), [0])).toEqual(['delete 4 at 0'])
  })

  it('throws faults of ours on, and sends nothing for them', () => {
    const broken: PassRow = () => {
      throw new TypeError('a bug')
    }
    expect(() => run(broken, true, asUpdate(record(1, 2), [1, 4]))).not.toThrow(RecordError)
    const out = new Seen()
    const operator = statelessOperator({ inputs: [streamOf(true)] }, broken)
    expect(() => operator.process(asUpdate(record(1, 2), [1, 4]), 0, out)).toThrow('a bug')
    expect(out.seen).toEqual([])
  })

  it.each([true, false])(
    'leaves behind what it makes of the rows as they are in the end (told: %s)',
    async (before) => {
      const step = fc.record({
        id: fc.integer({ min: 1, max: 3 }),
        value: fc.option(fc.integer({ min: -1, max: 4 })),
      })
      await checkProperty(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const now = new Map<number, number>()
          const behind = [new Map<unknown, number>(), new Map<unknown, number>()]
          const out: Output = {
            emit({ row, kind }, port = 0) {
              if (kind === 'delete') behind[port]?.delete(row[0])
              else behind[port]?.set(row[0], row[1] as number)
            },
            drop() {},
            late() {},
            fault() {},
          }
          const operator = statelessOperator({ inputs: [streamOf(before)] }, sorting, [0, 1])
          for (const { id, value } of steps) {
            const was = now.get(id)
            const one = changeOf(id, was, value, before)
            if (value === null) now.delete(id)
            else now.set(id, value)
            if (one === null) continue
            try {
              operator.process(one, 0, out)
            } catch (error) {
              expect(error).toBeInstanceOf(RecordError)
              // What fails untold leaves the row before behind: nothing can be said of it.
              if (!before) for (const rows of behind) rows.delete(id)
            }
          }
          const rows = [...now].filter(([, value]) => value > 0)
          for (const port of [0, 1])
            expect([...(behind[port] as Map<number, number>)].sort()).toEqual(
              rows.filter(([, value]) => value % 2 === port).sort(),
            )
        }),
        300,
      )
    },
  )
})

/** What a well-behaved stream says where the value of a row becomes another one; null: there is no row. */
function changeOf(
  id: number,
  was: number | undefined,
  is: number | null,
  told: boolean,
): StreamRecord | null {
  if (is === null) return was === undefined ? null : asDeletion(record(id, was), [id, was])
  const one = record(id, is)
  if (was === undefined) return asNewRow(one)
  return told ? asUpdate(one, [id, was]) : asUpdate(one)
}
