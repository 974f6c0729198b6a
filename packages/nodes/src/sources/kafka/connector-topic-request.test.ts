import { describe, expect, it } from 'vitest'
import { decodeTopic, encodeTopicRequest } from './connector-topic-request.ts'

/** A response of one broker about one topic, as Kafka 4.4 writes it; −1 for a partition without leader. */
function response(error: number, leaders: readonly number[]): Buffer {
  const partition = (leader: number, index: number) => [
    ...(leader < 0 ? [0, 5] : [0, 0]),
    ...[0, 0, 0, index],
    ...(leader < 0 ? [0xff, 0xff, 0xff, 0xff] : [0, 0, 0, leader]),
    ...[0, 0, 0, 7],
    ...[2, 0, 0, 0, 1, 2, 0, 0, 0, 1, 1, 0],
  ]
  const int16 = (value: number) => [value >> 8, value & 0xff]
  const text = (value: string) => [value.length + 1, ...Buffer.from(value)]
  return Buffer.from([
    ...[0, 0, 0, 0, 0],
    ...[2, 0, 0, 0, 1, ...text('localhost'), 0, 0, 0x4a, 0x94, 0, 0],
    ...text('cluster'),
    ...[0, 0, 0, 1],
    ...[2, ...int16(error), ...text('orders'), ...Array.from({ length: 16 }, (_, i) => i), 0],
    ...[leaders.length + 1, ...leaders.flatMap(partition)],
  ])
}

describe('the request for a topic', () => {
  it('names it, asks for no creation, and leads every part by its length', () => {
    const { buffer } = encodeTopicRequest('orders')
    const zeros = '00'.repeat(16)
    expect(buffer.toString('hex')).toBe(`0002${zeros}076f7264657273${'00'.repeat(4)}`)
  })

  it('has a length of two bytes for a long name', () => {
    expect(encodeTopicRequest('a'.repeat(249)).buffer.subarray(18, 20)).toEqual(Buffer.from([0xfa, 0x01]))
  })
})

describe('the answer about a topic', () => {
  it('gives its id as Kafka writes it, and its partitions', () => {
    expect(decodeTopic(response(0, Array(12).fill(1)))).toEqual({
      topicId: 'AAECAwQFBgcICQoLDA0ODw',
      partitions: 12,
      isLed: true,
    })
  })

  it('counts also while a partition has no leader, and says so', () => {
    expect(decodeTopic(response(5, [1, -1, 1]))).toMatchObject({ partitions: 3, isLed: false })
    expect(decodeTopic(response(0, [1, 1, -1]))).toMatchObject({ partitions: 3, isLed: false })
  })

  it('is null for a topic that does not exist', () => {
    expect(decodeTopic(response(3, []))).toBe(null)
  })

  it('is an error of the broker otherwise', () => {
    expect(() => decodeTopic(response(29, []))).toThrow(
      expect.objectContaining({ type: 'TOPIC_AUTHORIZATION_FAILED' }),
    )
    expect(() => decodeTopic(response(56, []))).toThrow('error 56')
  })
})
