import { scalar } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FanOutRow, fanOutOperator } from './fan-out.ts'
import { type Output, RecordError } from './operator.ts'
import { asDeletion, asNewRow, asUpdate, type StreamRecord } from './record.ts'
import { checkProperty } from './testing/check-property.ts'

const FIELDS = ['id', 'value'].map((name) => ({ name, type: scalar('int64', false) }))

function streamOf(before: boolean): StreamSchema {
  return { fields: FIELDS, partitionedBy: null, eventTimeField: null, updates: { key: ['id'], before } }
}

function record(id: number, value: number): StreamRecord {
  return { row: [id, value], time: 5, sourceTime: 6, origin: null }
}

/** A row for each number below the value; negative values fail, zero goes nowhere. */
const counting: FanOutRow = ({ row: [id = null, value] }) => {
  const count = value as number
  if (count < 0) throw new RecordError('negative', 'negative')
  if (count === 0) return { drop: 'zero' }
  return Array.from({ length: count }, (_, i) => ({ row: [id, count, i], port: 3, name: i }))
}

/** To port 2 if two divides the value, to port 3 if three does, to both, or nowhere; negative values fail. */
const dividing: FanOutRow = ({ row }) => {
  const value = row[1] as number
  if (value < 0) throw new RecordError('negative', 'negative')
  const ports = [2, 3].filter((port) => value % port === 0)
  return ports.length === 0 ? { drop: 'no divisor' } : ports.map((port) => ({ row, port, name: '' }))
}

function run(fanOut: FanOutRow, before: boolean, one: StreamRecord): string[] {
  const seen: string[] = []
  const out: Output = {
    emit: ({ row, kind, before: old }, port) =>
      seen.push(`${kind ?? 'row'} ${old ? `${old.slice(1)}→` : ''}${row.slice(1)} at ${port}`),
    drop: (_, cause) => seen.push(`dropped: ${cause}`),
    late() {},
    fault: (row, { code }, port) => seen.push(`${code} of ${row[1]} at ${port}`),
  }
  try {
    fanOutOperator({ inputs: [streamOf(before)] }, fanOut, [2, 3]).process(one, 0, out)
  } catch (error) {
    seen.push(`threw ${(error as RecordError).code}`)
  }
  return seen
}

describe('a stateless operator that makes several rows of one', () => {
  it.each([
    [2, ['row 2,0 at 3', 'row 2,1 at 3']],
    [0, ['dropped: zero']],
    [-1, ['threw negative']],
  ])('passes a new row of value %i', (value, seen) => {
    expect(run(counting, true, record(1, value))).toEqual(seen)
  })

  it('tells of errors that made a part of the row null, once, also where it is dropped', () => {
    const failing: FanOutRow = (one, context) => {
      context.onSoftError?.('decimal_overflow')
      return dividing(one, context)
    }
    expect(run(failing, true, record(1, 6))).toEqual([
      'decimal_overflow of 6 at 2',
      'row 6 at 2',
      'row 6 at 3',
    ])
    expect(run(failing, true, record(1, 5))).toEqual(['decimal_overflow of 5 at 2', 'dropped: no divisor'])
    expect(run(failing, true, asUpdate(record(1, 3), [1, 9]))).toEqual([
      'decimal_overflow of 3 at 3',
      'update 9→3 at 3',
    ])
  })

  it('passes a record on as it is where the row stays', () => {
    const seen: StreamRecord[] = []
    const one = record(1, 6)
    const out: Output = { emit: (sent) => seen.push(sent), drop() {}, late() {}, fault() {} }
    fanOutOperator({ inputs: [streamOf(true)] }, dividing, [2, 3]).process(one, 0, out)
    expect(seen.every((sent) => sent === one)).toBe(true)
  })

  it.each([
    [2, 1, ['delete 2,1 at 3', 'update 2,0→1,0 at 3']],
    [1, 2, ['update 1,0→2,0 at 3', 'row 2,1 at 3']],
    [1, 0, ['dropped: zero', 'delete 1,0 at 3']],
    [1, -1, ['delete 1,0 at 3', 'threw negative']],
    [0, 1, ['row 1,0 at 3']],
    [-1, 1, ['row 1,0 at 3']],
  ])('passes an update from %i to %i', (was, is, seen) => {
    expect(run(counting, true, asUpdate(record(1, is), [1, was]))).toEqual(seen)
  })

  it.each([
    [2, ['delete 2,0 at 3', 'delete 2,1 at 3']],
    [0, ['dropped: zero']],
    [-1, ['dropped: negative']],
  ])('passes the deletion of a row of value %i', (value, seen) => {
    expect(run(counting, true, asDeletion(record(1, value), [1, value]))).toEqual(seen)
  })

  it.each([
    [asUpdate(record(1, 3)), ['update 3 at 3', 'delete 3 at 2']],
    [asUpdate(record(1, 6)), ['update 6 at 2', 'update 6 at 3']],
    [asUpdate(record(1, 5)), ['dropped: no divisor', 'delete 5 at 2', 'delete 5 at 3']],
    [asDeletion(record(1, 6), [1, 6]), ['delete 6 at 2', 'delete 6 at 3']],
  ])('takes a row back everywhere else where nobody tells what it was (%#)', (one, seen) => {
    expect(run(dividing, false, one)).toEqual(seen)
  })

  it('throws faults of ours on', () => {
    const broken: FanOutRow = () => {
      throw new TypeError('a bug')
    }
    const operator = fanOutOperator({ inputs: [streamOf(true)] }, broken)
    const out: Output = { emit() {}, drop() {}, late() {}, fault() {} }
    expect(() => operator.process(asUpdate(record(1, 2), [1, 4]), 0, out)).toThrow('a bug')
  })

  it('leaves behind what it makes of the rows as they are in the end', async () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 3 }),
      value: fc.option(fc.integer({ min: -1, max: 4 })),
    })
    await checkProperty(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const now = new Map<number, number>()
        const behind = new Map<string, string>()
        const out: Output = {
          emit({ row, kind, before }) {
            const [id, value, i] = row
            const key = `${id}/${i}`
            if (kind !== undefined) expect(behind.get(key)).toBe(String((before ?? row)[1]))
            else expect(behind.has(key)).toBe(false)
            if (kind === 'delete') behind.delete(key)
            else behind.set(key, String(value))
          },
          drop() {},
          late() {},
          fault() {},
        }
        const operator = fanOutOperator({ inputs: [streamOf(true)] }, counting)
        for (const { id, value } of steps) {
          const was = now.get(id)
          if (value === null && was === undefined) continue
          const one = value === null ? null : record(id, value)
          if (value === null) now.delete(id)
          else now.set(id, value)
          try {
            if (one === null) operator.process(asDeletion(record(id, 0), [id, was as number]), 0, out)
            else operator.process(was === undefined ? asNewRow(one) : asUpdate(one, [id, was]), 0, out)
          } catch (error) {
            expect(error).toBeInstanceOf(RecordError)
          }
        }
        const expected = [...now].flatMap(([id, value]) =>
          Array.from({ length: Math.max(0, value) }, (_, i) => [`${id}/${i}`, String(value)]),
        )
        expect([...behind].sort()).toEqual(expected.sort())
      }),
      300,
    )
  })
})
