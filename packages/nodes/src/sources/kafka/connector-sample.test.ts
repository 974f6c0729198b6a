import { describe, expect, it } from 'vitest'
import type { FetchedMessage, FetchedPartition } from './connector-cluster.ts'
import { committedMessages } from './connector-sample.ts'

type Kind = 'plain' | 'in transaction' | 'marker'

/** Messages at offsets 0, 1, 2 …, each of a producer. */
function messages(...list: readonly (readonly [Kind, string])[]): FetchedMessage[] {
  return list.map(([kind, producerId], offset) => ({
    offset: String(offset),
    timestamp: '0',
    key: Buffer.alloc(4),
    value: null,
    batchContext: { producerId, inTransaction: kind !== 'plain', isControlBatch: kind === 'marker' },
  }))
}

function committed(partition: FetchedPartition): string[] {
  return committedMessages(partition).map(({ offset }) => offset)
}

describe('the records that were committed', () => {
  it('are all but markers, where nothing was aborted', () => {
    const list = messages(['plain', '1'], ['in transaction', '2'], ['marker', '2'])
    expect(committed({ messages: list })).toEqual(['0', '1'])
  })

  it('are not those of overlapping transactions that were aborted, listed in any order', () => {
    const list = messages(
      ['in transaction', '1'],
      ['in transaction', '2'],
      ['in transaction', '1'],
      ['in transaction', '3'],
      ['marker', '1'],
      ['in transaction', '2'],
      ['marker', '2'],
      ['marker', '3'],
    )
    const abortedTransactions = [
      { producerId: '2', firstOffset: '1' },
      { producerId: '1', firstOffset: '0' },
    ]
    expect(committed({ messages: list, abortedTransactions })).toEqual(['3'])
  })

  it('are those of a transaction that follows an aborted one of the same producer', () => {
    const list = messages(
      ['in transaction', '1'],
      ['marker', '1'],
      ['in transaction', '1'],
      ['marker', '1'],
      ['in transaction', '1'],
      ['marker', '1'],
    )
    const abortedTransactions = [
      { producerId: '1', firstOffset: '0' },
      { producerId: '1', firstOffset: '4' },
    ]
    expect(committed({ messages: list, abortedTransactions })).toEqual(['2'])
  })

  it('are those outside transactions, of a producer whose transaction was aborted too', () => {
    const list = messages(['in transaction', '1'], ['plain', '1'], ['marker', '1'])
    expect(
      committed({ messages: list, abortedTransactions: [{ producerId: '1', firstOffset: '0' }] }),
    ).toEqual(['1'])
  })

  it('are all of a format that knows no transactions', () => {
    const [{ batchContext: _, ...old }] = messages(['plain', '1']) as [FetchedMessage]
    expect(committed({ messages: [old] })).toEqual(['0'])
  })
})
