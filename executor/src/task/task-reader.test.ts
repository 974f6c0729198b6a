import { describe, expect, test } from 'vitest'
import { brokerError, clientFault } from '../kafka/wire/errors.ts'
import type { FetchedPartition, FetchPosition, KafkaClient } from '../kafka/wire/index.ts'
import { InputCursor } from './input-cursor.ts'
import { TaskReader } from './task-reader.ts'

/** What each broker does with a fetch; partition n is led by broker n. */
type Brokers = Readonly<Record<number, (position: FetchPosition) => FetchedPartition>>

/** A reader over brokers that are functions: what real ones do only in the moment in which they die. */
function readerOver(brokers: Brokers): TaskReader {
  const client = {
    leadersOf: async (cursors: readonly InputCursor[]) => Map.groupBy(cursors, ({ partition }) => partition),
    openFetcher: () => ({
      fetch: async (broker: number, positions: readonly FetchPosition[]) =>
        positions.map((position) => (brokers[broker] as Brokers[number])(position)),
      close: () => {},
    }),
  }
  return new TaskReader(client as unknown as KafkaClient, new AbortController().signal)
}

function cursorOf(partition: number): InputCursor {
  const position = { topic: 'orders', topicId: 'id', partition, next: 10 }
  return new InputCursor({
    name: `source:${partition}`,
    kind: 'source',
    input: 0,
    nodeId: 'orders',
    position,
  })
}

function fetched({ topic, partition, offset }: FetchPosition, error: FetchedPartition['error'] = null) {
  const ends = { highWatermark: offset + 5, lastStableOffset: offset + 5, logStartOffset: 0 }
  return { topic, partition, error, ...ends, nextOffset: offset + 5, bytes: 1 } as FetchedPartition
}

function lost(): never {
  throw clientFault('CONNECTION_LOST', 'the broker was killed')
}

describe('a round of fetches', () => {
  test('gives what one broker gave while another one does not answer: its positions have moved', async () => {
    const cursors = [cursorOf(0), cursorOf(1)] as const
    const polled = await readerOver({ 0: fetched, 1: lost }).poll(cursors, 1)
    expect(polled.fetched.map(({ cursor }) => cursor)).toEqual([cursors[0]])
    expect(polled.unread).toEqual([cursors[1]])
    expect(polled.error).toMatchObject({ code: 'CONNECTION_LOST' })
    expect(cursors.map(({ next }) => next)).toEqual([15, 10])
  })

  test('fails where no broker answers, and moves nothing', async () => {
    const cursors = [cursorOf(0), cursorOf(1)]
    await expect(readerOver({ 0: lost, 1: lost }).poll(cursors, 1)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    })
    expect(cursors.map(({ next }) => next)).toEqual([10, 10])
  })

  test('leaves out a partition whose leader has moved, without a word', async () => {
    const moved = (position: FetchPosition) => fetched(position, brokerError(6, {}))
    const cursors = [cursorOf(0), cursorOf(1)] as const
    const polled = await readerOver({ 0: moved, 1: fetched }).poll(cursors, 1)
    expect([polled.unread, polled.error]).toEqual([[cursors[0]], null])
    expect(polled.fetched.map(({ cursor }) => cursor)).toEqual([cursors[1]])
  })
})
