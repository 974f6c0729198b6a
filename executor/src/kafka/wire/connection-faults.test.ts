import { TimeoutError } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { connectFault, requestFault } from './connection-faults.ts'
import { clientFault } from './errors.ts'

/** An error with a code, around another. */
function coded(code: string, cause?: Error): Error {
  return Object.assign(new Error(`text of ${code}`, { cause }), { code })
}

const context = { broker: 'b:1' }

describe('connectFault', () => {
  it.each([
    ['ECONNREFUSED', 'CONNECTION_FAILED'],
    ['PLT_KFK_AUTHENTICATION', 'AUTHENTICATION_FAILED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_FAILED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_FAILED'],
  ])('finds %s among the causes: %s', (code, fault) => {
    const error = coded('PLT_KFK_NETWORK', coded(code))
    expect(connectFault(error, context)).toMatchObject({ code: fault, context, cause: error })
  })

  it('names the innermost reason', () => {
    expect(connectFault(coded('PLT_KFK_NETWORK', coded('ECONNREFUSED')), {}).message).toContain(
      'text of ECONNREFUSED',
    )
  })
})

describe('requestFault', () => {
  it('tells a late reply from a lost connection', () => {
    expect(requestFault(new TimeoutError('late'), context)).toMatchObject({ code: 'REQUEST_TIMEOUT' })
    expect(requestFault(coded('PLT_KFK_NETWORK'), context)).toMatchObject({ code: 'CONNECTION_LOST' })
  })

  it('leaves an error of this layer as it is', () => {
    const error = clientFault('MALFORMED_RESPONSE', 'short')
    expect(requestFault(error, context)).toBe(error)
  })
})
