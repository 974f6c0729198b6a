import { describe, expect, it } from 'vitest'
import { inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { dedupe } from './definition.ts'
import { dedupeRuntime } from './operator.ts'
import type { DedupeConfig } from './settings.ts'

const input = stream({ userId: 'string', orderId: 'string', items: 'array<string>' })

const settings: DedupeConfig = { key: ['orderId'], keep: 'first', order: 'arrival', ttl: 86_400_000 }

describe('the settings of a dedupe', () => {
  it.each<[string, string[], string[]]>([
    ['are fine with fields without parts', ['userId', 'orderId'], []],
    ['need a field', [], ['field_missing key']],
    ['name fields that exist', ['userId', 'order'], ['unknown_field key.1']],
    ['name fields without parts', ['items'], ['field_type key.0']],
  ])('%s', (_, key, issues) => {
    expect(issuesOf(dedupe, { ...settings, key }, input)).toEqual(issues)
  })

  it('show as key and time on the card', () => {
    expect(dedupe.digest({ ...settings, key: ['userId', 'orderId'] })).toBe('userId, orderId, 1 d')
    expect(dedupe.digest({ ...settings, keep: 'last' })).toBe('last orderId, 1 d')
  })

  it('of version 1 mean what they meant', () => {
    expect(dedupe.migrate?.({ key: ['orderId'], ttl: 86_400_000 }, 1)).toEqual(settings)
  })
})

describe('what flows out of a dedupe', () => {
  const outOf = (config: Partial<DedupeConfig>, partitionedBy: string[] | null = null) =>
    inferred(dedupe, { ...settings, ...config }, { ...input, partitionedBy }).outputs.out

  it('is append-only where the first is kept, and updating by key where the last is', () => {
    expect(outOf({})?.updates).toBe(undefined)
    expect(outOf({ keep: 'last' })?.updates).toEqual({ key: ['orderId'], before: false })
  })

  it('can be made final again', () => {
    expect(dedupe.finalFix?.(settings)).toBe(null)
    expect(dedupe.finalFix?.({ ...settings, keep: 'last' })).toMatchObject({ path: ['keep'], value: 'first' })
  })

  it('is spread by the key, unless it is spread by less already', () => {
    expect(outOf({ key: ['orderId'] }, ['userId'])?.partitionedBy).toEqual(['orderId'])
    expect(outOf({ key: ['orderId'] })?.partitionedBy).toEqual(['orderId'])
    expect(outOf({ key: ['userId', 'orderId'] }, ['userId'])?.partitionedBy).toEqual(['userId'])
  })
})

describe('the state of a dedupe', () => {
  const signature = (config: Partial<DedupeConfig>) =>
    JSON.stringify(dedupeRuntime.state?.({ ...settings, ...config }, [input]).signature)

  it('is kept over a publish while the key and the choice are the same, whatever the time', () => {
    expect(signature({ ttl: 1 })).toBe(signature({ ttl: 2 }))
    expect(signature({ key: ['userId'] })).not.toBe(signature({ key: ['orderId'] }))
    expect(signature({ key: ['userId', 'orderId'] })).not.toBe(signature({ key: ['orderId', 'userId'] }))
    expect(signature({ keep: 'last' })).not.toBe(signature({ keep: 'first' }))
    expect(signature({ order: 'event' })).not.toBe(signature({ order: 'arrival' }))
  })

  it('is that of version 1 where the first by arrival is kept', () => {
    expect(signature({})).toBe('{"key":[["orderId","string"]]}')
  })
})
