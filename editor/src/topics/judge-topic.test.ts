import { describe, expect, test } from 'vitest'
import { judgeTopic } from './judge-topic.ts'

const utf8 = new TextEncoder()
const json = utf8.encode('{"a":1}')
const of = (...values: (string | number[] | null)[]) =>
  judgeTopic(
    values.map((value) =>
      value === null ? null : typeof value === 'string' ? utf8.encode(value) : Uint8Array.from(value),
    ),
  )

describe('the verdict on a topic', () => {
  test('is good where every record is a JSON object', () => {
    expect(judgeTopic([json, json])).toEqual({
      tone: 'ok',
      words: 'All 2 records that were read are JSON objects.',
    })
  })

  test('says how many records would go to dead letters, and what they are', () => {
    const { tone, words } = of('{"a":1}', '{"a":2}', 'a;b;c', null, [0xff, 0xfe, 0x01])
    expect(tone).toBe('warn')
    expect(words).toBe(
      '3 records of 5 would go to dead letters: 1 is plain text, 1 is without a value (a tombstone), 1 is binary. The other 2 are JSON objects, and the fields are learnt from those.',
    )
  })

  test('says of garbage what it is and what to do', () => {
    const avro = [0, 0, 0, 0, 7, 2, 4, 8]
    const { tone, words } = of(avro, avro, [0x1f, 0x8b, 8], '<order/>', '[1]', '3')
    expect(tone).toBe('err')
    expect(words).toMatch(/^No record of the 6 that were read is a JSON object: /)
    expect(words).toContain('2 are written with a schema registry (Avro or Protobuf), schema 7')
    expect(words).toContain('2 are JSON, but no object')
    expect(words).toContain('1 is compressed')
    expect(words).toContain('1 is XML')
    expect(words).toContain('every one of these events would go to dead letters')
  })

  test('is none where there are no records', () => {
    expect(of().tone).toBe('neutral')
  })
})
