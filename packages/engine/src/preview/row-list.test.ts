import { scalar } from '@millrace/expr'
import { expect, it } from 'vitest'
import { asDeletion, type StreamRecord } from '../record.ts'
import { RowList } from './row-list.ts'

const fields = [{ name: 'id', type: scalar('string') }]
const record = (id: string): StreamRecord => ({ row: [id], time: 1, sourceTime: 1, origin: null })

it('shows a row that was deleted, and nothing of a deletion of what never came', () => {
  const list = new RowList({ fields, updates: { key: ['id'], before: false } }, 10)
  list.take(record('a'), false, 0)
  list.take(asDeletion(record('a'), ['a']), false, 1)
  list.take(asDeletion(record('b'), ['b']), false, 2)
  expect(list.rows).toMatchObject([{ row: ['a'], updates: 1, deleted: true }])
})
