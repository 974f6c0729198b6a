import { describe, expect, it } from 'vitest'
import { errorCodeOf, errorCodes } from './error-codes.ts'
import { brokerError, clientFault, namedBrokerError } from './errors.ts'

describe('error codes', () => {
  it('are numbered without a gap, but for 0, which is no error', () => {
    expect(errorCodes.map(({ number }) => number)).toEqual([
      -1,
      ...Array.from({ length: 136 }, (_, index) => index + 1),
    ])
  })

  it('have names of their own', () => {
    expect(new Set(errorCodes.map(({ name }) => name)).size).toBe(errorCodes.length)
  })

  it.each([
    [51, 'CONCURRENT_TRANSACTIONS', 'retry'],
    [6, 'NOT_LEADER_OR_FOLLOWER', 'refresh'],
    [47, 'INVALID_PRODUCER_EPOCH', 'fenced'],
    [90, 'PRODUCER_FENCED', 'fenced'],
    [29, 'TOPIC_AUTHORIZATION_FAILED', 'user'],
    [1, 'OFFSET_OUT_OF_RANGE', 'never'],
  ])('say of %i that it is %s and what to do: %s', (number, name, trait) => {
    expect(errorCodeOf(number)).toEqual({ number, name, trait })
  })
})

describe('KafkaError', () => {
  it('of a broker carries name, number and what may be done', () => {
    expect(brokerError(6, { topic: 'orders', partition: 2 })).toMatchObject({
      code: 'NOT_LEADER_OR_FOLLOWER',
      number: 6,
      domain: 'external',
      retry: 'backoff',
      retriable: true,
      fenced: false,
      staleMetadata: true,
      message: 'NOT_LEADER_OR_FOLLOWER: the broker refused the request (topic orders, partition 2)',
    })
  })

  it('tells a fenced producer from other final errors', () => {
    expect(namedBrokerError('PRODUCER_FENCED', {})).toMatchObject({ fenced: true, retriable: false })
    expect(namedBrokerError('MESSAGE_TOO_LARGE', {})).toMatchObject({ fenced: false, retriable: false })
  })

  it('makes a missing right the fault of the user', () => {
    expect(namedBrokerError('TOPIC_AUTHORIZATION_FAILED', {})).toMatchObject({
      domain: 'user',
      retry: 'never',
    })
  })

  it('of a number that no table knows is final', () => {
    expect(brokerError(999, {})).toMatchObject({
      code: 'UNKNOWN_ERROR_CODE_999',
      number: 999,
      retriable: false,
    })
  })

  it('of the client has no number and keeps its cause', () => {
    const cause = new Error('ECONNRESET')
    expect(clientFault('CONNECTION_LOST', 'gone', {}, cause)).toMatchObject({
      code: 'CONNECTION_LOST',
      number: undefined,
      retriable: true,
      cause,
    })
  })
})
