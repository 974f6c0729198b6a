import { scalar } from '@millrace/expr'
import { expect, it } from 'vitest'
import type { StreamRecord } from '../record.ts'
import type { Receiver } from './receiver.ts'
import { reshaped } from './reshape.ts'

const fields = (names: string) => [...names].map((name) => ({ name, type: scalar('string') }))

function target() {
  const seen: unknown[] = []
  const receiver: Receiver = {
    addEdge: (input) => input,
    receive: (record, edge) => seen.push([record, edge]),
    forward: (...watermark) => seen.push(watermark),
  }
  return { seen, end: { receiver, edge: 4 } }
}

const record: StreamRecord = { row: ['1', '2'], time: 5, sourceTime: 6, origin: null }

it('puts rows into the order of a union, also those before an update, with null for what is missing', () => {
  const { seen, end } = target()
  const { receiver, edge } = reshaped(end, fields('ab'), fields('bca'))
  receiver.receive(record, edge)
  receiver.receive({ ...record, kind: 'update', before: ['3', '4'] }, edge)
  receiver.forward(7, true, edge)
  expect(seen).toEqual([
    [{ ...record, row: ['2', null, '1'] }, 4],
    [{ ...record, kind: 'update', row: ['2', null, '1'], before: ['4', null, '3'] }, 4],
    [7, true, 4],
  ])
  expect(receiver.addEdge(3)).toBe(3)
})

it('leaves an edge alone whose rows have that order', () => {
  const { end } = target()
  expect(reshaped(end, fields('ab'), fields('ab'))).toBe(end)
})
