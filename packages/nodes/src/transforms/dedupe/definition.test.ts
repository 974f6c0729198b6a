import { describe, expect, it } from 'vitest'
import { issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { dedupe } from './definition.ts'
import { dedupeRuntime } from './operator.ts'

const input = stream({ userId: 'string', orderId: 'string', items: 'array<string>' })

describe('the settings of a dedupe', () => {
  it.each<[string, string[], string[]]>([
    ['are fine with fields without parts', ['userId', 'orderId'], []],
    ['need a field', [], ['field_missing key']],
    ['name fields that exist', ['userId', 'order'], ['unknown_field key.1']],
    ['name fields without parts', ['items'], ['field_type key.0']],
  ])('%s', (_, key, issues) => {
    expect(issuesOf(dedupe, { key, ttl: 1 }, input)).toEqual(issues)
  })

  it('show as key and time on the card', () => {
    expect(dedupe.digest({ key: ['userId', 'orderId'], ttl: 86_400_000 })).toBe('userId, orderId, 1 d')
  })
})

describe('the state of a dedupe', () => {
  const signature = (key: string[], ttl: number) =>
    JSON.stringify(dedupeRuntime.state?.({ key, ttl }, [input]).signature)

  it('is kept over a publish while the key is the same, whatever the time', () => {
    expect(signature(['userId'], 1)).toBe(signature(['userId'], 2))
    expect(signature(['userId'], 1)).not.toBe(signature(['orderId'], 1))
    expect(signature(['userId', 'orderId'], 1)).not.toBe(signature(['orderId', 'userId'], 1))
  })
})
