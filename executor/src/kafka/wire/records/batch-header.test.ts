import { describe, expect, it } from 'vitest'
import { makeBatch, makeEmptiedBatch } from '../testing/batches.ts'
import { nextOffsetAfter } from './batch-header.ts'
import { goldenBatch } from './golden/java-client.ts'
import { BATCH } from './layout.ts'

describe('nextOffsetAfter', () => {
  it.each<readonly [string, Buffer, number]>([
    ['nothing', Buffer.alloc(0), 5],
    ['records', makeBatch([{}, {}, {}], { baseOffset: 10 }), 13],
    ['a batch that compaction emptied', makeEmptiedBatch(10, 99), 100],
    ['a transaction marker', goldenBatch('commitMarker'), 51],
    ['a batch that the fetch cut off', makeBatch([{}], { baseOffset: 10 }).subarray(0, 65), 5],
    ['a batch from before the offset', makeBatch([{}], { baseOffset: 1 }), 5],
  ])('after %s', (_name, batches, next) => {
    expect(nextOffsetAfter(batches, 5)).toBe(next)
  })

  it('refuses a length that no batch can have', () => {
    const batch = makeBatch([{}])
    batch.writeInt32BE(-100, BATCH.length)
    expect(() => nextOffsetAfter(batch, 0)).toThrow(expect.objectContaining({ code: 'CORRUPT_BATCH' }))
  })
})
