import { connectionIdSchema } from '@millrace/contracts'
import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { idFrom } from './connection-kinds.ts'

describe('idFrom', () => {
  test.each([
    ['Kafka Production', 'kafka-production'],
    ['  3rd cluster (EU) ', 'rd-cluster-eu'],
    ['Ünï', 'n'],
    ['x'.repeat(60), 'x'.repeat(40)],
  ])('%s becomes %s, which is a valid id', (label, id) => {
    expect(idFrom(label)).toBe(id)
    expect(Check(connectionIdSchema, id)).toBe(true)
  })

  test('is empty where nothing is left to make an id from', () => {
    expect(idFrom('123 !')).toBe('')
  })
})
