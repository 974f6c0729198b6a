import type { LiveSample } from '@millrace/contracts'
import { scalar } from '@millrace/expr'
import { expect, test } from 'vitest'
import { sidesOf } from './live-events.tsx'

const fields = [
  { name: 'id', type: scalar('int64', false) },
  { name: 'email', type: scalar('string', false) },
]
const stream = { fields, partitionedBy: null, eventTimeField: null }
const schemas = { inputs: { in: stream }, outputs: { out: stream } }
const ports = { in: [{ name: 'in', label: 'Events' }], out: [{ name: 'out', label: 'Events' }] }

const sample = (offset: number, more: Partial<LiveSample> = {}): LiveSample => ({
  ...{ nodeId: 'n', side: 'in', port: 0, at: 1, time: offset, cause: null },
  ...{ row: `{"id":${offset}}`, masked: ['email'], origin: `orders/0/${offset}` },
  ...more,
})

test('shows what came in and went out, masked, with what was dropped and why', () => {
  const [into, out] = sidesOf(
    [sample(2), sample(1), sample(1, { side: 'dropped', cause: 'even' }), sample(2, { side: 'out' })],
    ports.in,
    ports.out,
    schemas,
  )
  expect(into).toMatchObject({ label: 'In', masked: new Set(['email']) })
  expect(into?.rows.map(({ row }) => row)).toEqual([
    [2, null],
    [1, null],
  ])
  expect(into?.fates?.get('orders/0/1')).toEqual({ kind: 'dropped', cause: 'even' })
  expect(out?.rows.map(({ origin }) => origin?.offset)).toEqual([2])
})

test('an event that is too long stands there without its values', () => {
  const [into] = sidesOf([sample(1, { row: null })], ports.in, ports.out, schemas)
  expect(into?.rows).toMatchObject([{ row: [null, null] }])
})
