import { TimeoutError } from '@platformatic/kafka'
import { type ClientFault, clientFault, type FaultContext, KafkaError } from './errors.ts'

/** Codes of @platformatic/kafka's and Node's errors that say more than "the connection failed". */
const FAULTS_BY_CODE: ReadonlyMap<string, ClientFault> = new Map([
  ['PLT_KFK_AUTHENTICATION', 'AUTHENTICATION_FAILED'],
  ['PLT_KFK_USER', 'TLS_FAILED'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_FAILED'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS_FAILED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_FAILED'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TLS_FAILED'],
  ['CERT_HAS_EXPIRED', 'TLS_FAILED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_FAILED'],
])

/** The typed form of an error that opening a connection ended with. */
export function connectFault(error: unknown, context: FaultContext): KafkaError {
  return faultOf(error, 'CONNECTION_FAILED', 'no connection', context)
}

/** The typed form of an error that a request ended with instead of a reply. */
export function requestFault(error: unknown, context: FaultContext): KafkaError {
  if (error instanceof KafkaError) return error
  // By its class: this error carries the code of a network error.
  return error instanceof TimeoutError
    ? clientFault('REQUEST_TIMEOUT', 'no reply in time', context, error)
    : faultOf(error, 'CONNECTION_LOST', 'the connection broke before the reply', context)
}

function faultOf(error: unknown, otherwise: ClientFault, text: string, context: FaultContext): KafkaError {
  if (error instanceof KafkaError) return error
  const known = codesOf(error)
    .map((code) => FAULTS_BY_CODE.get(code))
    .find((fault) => fault !== undefined)
  return clientFault(known ?? otherwise, `${text}: ${innermost(error)}`, context, error)
}

/** The codes of an error and of its causes, outermost first. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') codes.push(cause.code)
  }
  return codes
}

function innermost(error: unknown): string {
  let cause = error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  return cause instanceof Error ? cause.message : String(cause)
}
