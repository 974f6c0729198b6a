import { describe, expect, test } from 'vitest'
import { evictionPolicyIn, settingIn } from './redis-info.ts'

const info = (policy: string) => `# Memory\r\nused_memory:1\r\nmaxmemory_policy:${policy}\r\n`

describe('what Redis says of itself', () => {
  test.each(['allkeys-lru', 'volatile-ttl'])('names the policy %s by which it drops keys', (policy) => {
    expect(evictionPolicyIn(info(policy))).toBe(policy)
  })

  test('names none where it drops none, and where it does not say', () => {
    expect(evictionPolicyIn(info('noeviction'))).toBeNull()
    expect(evictionPolicyIn('')).toBeNull()
  })

  test('is found by the whole name only', () => {
    expect(settingIn('maxmemory_policy_x:1\nmaxmemory_policy:2', 'maxmemory_policy')).toBe('2')
  })
})
