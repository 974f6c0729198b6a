import { scalar } from '@millrace/expr'
import { describe, expect, test } from 'vitest'
import { maskValue, sensitiveFields } from './mask.ts'
import { filterProblem, mergeSteps, type RecordingRules, recordSteps } from './record-steps.ts'
import { recordTopics } from './record-topics.ts'

const RULES: RecordingRules = {
  key: '',
  filter: '',
  fields: [{ name: 'total', type: scalar('double') }],
  masked: new Set(),
  salt: 's',
}

function record(offset: number, value: string | null, key: string | null = null) {
  const bytes = (text: string | null) => (text === null ? null : btoa(text))
  return { partition: 0, offset, timestamp: 1000 + offset, key: bytes(key), value: bytes(value) }
}

describe('a recording', () => {
  test('keeps objects as JSON, other texts as they are, bytes that are no text, and deletions', () => {
    const records = [record(0, '{"total":1}', 'k'), record(1, 'garbage'), record(2, '\xff'), record(3, null)]
    expect(recordSteps('orders', records, RULES).steps).toEqual([
      { to: 'orders', at: 1000, key: 'k', value: { total: 1 } },
      { to: 'orders', at: 1001, key: null, value: 'garbage' },
      { to: 'orders', at: 1002, key: null, base64: '/w==' },
      { to: 'orders', at: 1003, key: null, value: null },
    ])
  })

  test('loses no digit of a long number', () => {
    const text = '{"id":9007199254740993}'
    expect(recordSteps('orders', [record(0, text)], RULES).steps).toMatchObject([{ value: text }])
  })

  test('takes only the records of a key, and those that meet a condition', () => {
    const records = [
      record(0, '{"total":1}', 'a'),
      record(1, '{"total":9}', 'a'),
      record(2, '{"total":9}', 'b'),
    ]
    const { steps, skipped } = recordSteps('orders', records, { ...RULES, key: 'a', filter: 'total > 5' })
    expect([steps.map(({ at }) => at), skipped]).toEqual([[1001], 2])
    expect(recordSteps('orders', [record(0, 'garbage')], { ...RULES, filter: 'total > 5' }).skipped).toBe(1)
    expect(filterProblem({ ...RULES, filter: 'totl > 5' })).toContain('total')
  })

  test('masks members, the same value always the same, also in the key that repeats it', () => {
    const masked = { ...RULES, masked: new Set(['email', 'card']) }
    const text = '{"email":"ada@example.org","card":4111,"total":1}'
    const { steps } = recordSteps('orders', [record(0, text, 'ada@example.org'), record(1, text)], masked)
    const [first, second] = steps
    expect(JSON.stringify(steps)).not.toMatch(/ada@|4111/)
    expect(first?.value).toEqual(second?.value)
    expect(first?.value).toHaveProperty('email', first?.key)
    expect(first?.value).toMatchObject({
      email: expect.stringMatching(/^masked-/),
      card: expect.any(Number),
      total: 1,
    })
    const other = recordSteps('orders', [record(0, text)], { ...masked, salt: 't' })
    expect(other.steps[0]?.value).not.toEqual(first?.value)
  })

  test('keeps nothing of a record that is no JSON where something is to be masked', () => {
    const { steps } = recordSteps('orders', [record(0, 'mail ada@example.org')], {
      ...RULES,
      masked: new Set(['email']),
    })
    expect(JSON.stringify(steps)).not.toContain('ada@')
  })

  test('masks what is nested, and keeps what tells nothing', () => {
    expect(maskValue({ a: ['x', 12.5, true, null] }, 's')).toEqual({
      a: [expect.stringMatching(/^masked-/), expect.any(Number), true, null],
    })
  })

  test('proposes to mask what is tagged or named as private things are', () => {
    const fields = [
      { name: 'email' },
      { name: 'firstName' },
      { name: 'total' },
      { name: 'x', sensitive: true },
    ]
    expect(sensitiveFields(fields)).toEqual(['email', 'firstName', 'x'])
  })

  test('puts several topics into one sequence, what is looked up first', async () => {
    const node = (id: string) => ({ id, type: 'kafka', typeVersion: 1, label: id, config: {}, note: '' })
    const source = (id: string, kind: 'source' | 'reference') => ({
      node: node(id),
      kind,
      topic: id,
      connection: 'k',
    })
    const topics = {
      a: [record(1, '{}'), record(5, '{}')],
      b: [record(3, '{}')],
      users: [record(9, '{}', 'u')],
    }
    const asked: object[] = []
    const { steps } = await recordTopics(
      {
        sources: [source('a', 'source'), source('b', 'source'), source('users', 'reference')],
        from: { kind: 'offset', partition: 0, offset: 7 },
        limit: 10,
        rules: { key: '', filter: '', masked: new Set() },
        fieldsOf: () => [],
        salt: 's',
      },
      async (request) => {
        asked.push(request)
        const { topic } = request
        return { topic, partitions: 1, partition: null, records: topics[topic as keyof typeof topics] }
      },
    )
    expect(steps.map((step) => [step.to, step.at])).toEqual([
      ['users', undefined],
      ['a', 1001],
      ['b', 1003],
      ['a', 1005],
    ])
    expect(asked[0]).toMatchObject({ partition: 0, from: 'earliest', offset: 7, limit: 10 })
    expect(asked[2]).toMatchObject({ partition: null, from: 'earliest', limit: 1000 })
    expect(mergeSteps([])).toEqual([])
  })
})
