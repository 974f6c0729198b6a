import kafkajs from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { PortError } from '../../port-error.ts'
import { isBrokerError, toPortError } from './connector-errors.ts'

function brokerError(type: string): Error {
  return Object.assign(new Error(`broker says ${type}`), {
    name: 'KafkaJSProtocolError',
    type,
    retriable: false,
  })
}

describe('an error of kafkajs', () => {
  it.each([
    ['TOPIC_AUTHORIZATION_FAILED', 'not_authorized', 'user', 'never'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'unknown_topic', 'user', 'never'],
    ['INVALID_REPLICATION_FACTOR', 'invalid_topic', 'user', 'never'],
    ['NON_EMPTY_GROUP', 'group_in_use', 'user', 'never'],
    ['MESSAGE_TOO_LARGE', 'record_too_large', 'user', 'never'],
    ['REQUEST_TIMED_OUT', 'timeout', 'external', 'backoff'],
    ['CORRUPT_MESSAGE', 'kafka_failed', 'external', 'never'],
  ])('of the broker, %s, is told as %s', (type, code, domain, retry) => {
    expect(toPortError(brokerError(type))).toMatchObject({ code, domain, retry })
  })

  it('is told by what is inside it', () => {
    const { KafkaJSNumberOfRetriesExceeded, KafkaJSConnectionError } = kafkajs
    const inner = new KafkaJSConnectionError('Connection error: connect ECONNREFUSED', {
      broker: 'a:1',
      code: 'x',
    })
    const outer = new KafkaJSNumberOfRetriesExceeded(inner, { retryCount: 3, retryTime: 100 })
    const told = toPortError(outer)
    expect(told).toMatchObject({ code: 'unreachable', domain: 'external', retry: 'backoff', cause: outer })
    expect(told.message).toContain('ECONNREFUSED')
  })

  it('is told by the first of several', () => {
    const aggregate = new kafkajs.KafkaJSAggregateError('Topic creation errors', [
      brokerError('INVALID_TOPIC_EXCEPTION'),
    ])
    expect(toPortError(aggregate).code).toBe('invalid_topic')
    expect(isBrokerError(aggregate, 'INVALID_TOPIC_EXCEPTION')).toBe(true)
    expect(isBrokerError(aggregate, 'UNKNOWN_TOPIC_OR_PARTITION')).toBe(false)
  })

  it('that is ours already stays as it is', () => {
    const ours = new PortError('timeout', { domain: 'external', retry: 'backoff' }, 'late')
    expect(toPortError(ours)).toBe(ours)
  })

  it('that is none is told too', () => {
    expect(toPortError('broken')).toMatchObject({ code: 'kafka_failed', message: 'Kafka failed: broken' })
  })
})
