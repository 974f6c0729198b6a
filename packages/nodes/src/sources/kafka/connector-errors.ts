import { type FaultTraits, PortError } from '../../port-error.ts'

const REFUSED: FaultTraits = { domain: 'user', retry: 'never' }
const PASSING: FaultTraits = { domain: 'external', retry: 'backoff' }
const BROKEN: FaultTraits = { domain: 'external', retry: 'never' }

/** A kind of fault: its code and what people are told. */
interface Fault {
  readonly code: string
  readonly traits: FaultTraits
  readonly message: string
}

const UNREACHABLE: Fault = { code: 'unreachable', traits: PASSING, message: 'Kafka cannot be reached' }
const AUTHENTICATION: Fault = {
  code: 'authentication_failed',
  traits: REFUSED,
  message: 'Kafka does not accept the user name and password',
}
const AUTHORIZATION: Fault = {
  code: 'not_authorized',
  traits: REFUSED,
  message: 'Kafka does not allow this to the user of the connection',
}
const SETTINGS: Fault = {
  code: 'invalid_topic',
  traits: REFUSED,
  message: 'Kafka does not take such a topic',
}
const UNKNOWN_TOPIC: Fault = { code: 'unknown_topic', traits: REFUSED, message: 'There is no such topic' }
const TIMEOUT: Fault = { code: 'timeout', traits: PASSING, message: 'Kafka did not answer in time' }

/** Faults by the name of a broker's error code, or of an error class of kafkajs. */
const FAULTS: Readonly<Record<string, Fault>> = {
  UNKNOWN_TOPIC_OR_PARTITION: UNKNOWN_TOPIC,
  TOPIC_AUTHORIZATION_FAILED: AUTHORIZATION,
  GROUP_AUTHORIZATION_FAILED: AUTHORIZATION,
  CLUSTER_AUTHORIZATION_FAILED: AUTHORIZATION,
  SASL_AUTHENTICATION_FAILED: AUTHENTICATION,
  UNSUPPORTED_SASL_MECHANISM: AUTHENTICATION,
  INVALID_TOPIC_EXCEPTION: SETTINGS,
  INVALID_PARTITIONS: SETTINGS,
  INVALID_REPLICATION_FACTOR: SETTINGS,
  INVALID_CONFIG: SETTINGS,
  POLICY_VIOLATION: SETTINGS,
  NON_EMPTY_GROUP: { code: 'group_in_use', traits: REFUSED, message: 'The consumer group is in use' },
  MESSAGE_TOO_LARGE: {
    code: 'record_too_large',
    traits: REFUSED,
    message: 'A record is larger than the topic takes',
  },
  REQUEST_TIMED_OUT: TIMEOUT,
  KafkaJSSASLAuthenticationError: AUTHENTICATION,
  KafkaJSConnectionError: UNREACHABLE,
  KafkaJSConnectionClosedError: UNREACHABLE,
  KafkaJSBrokerNotFound: UNREACHABLE,
  KafkaJSRequestTimeoutError: TIMEOUT,
  KafkaJSLockTimeout: TIMEOUT,
  KafkaJSTimeout: TIMEOUT,
}

/** What kafkajs throws: an error that may wrap others. */
interface KafkaJsError extends Error {
  readonly type?: string
  readonly retriable?: boolean
  readonly errors?: readonly unknown[]
  readonly groups?: readonly { readonly error?: unknown }[]
}

/** The error of a call to Kafka; errors of our own stay as they are. */
export function toPortError(error: unknown): PortError {
  if (error instanceof PortError) return error
  const chain = [...unwrap(error)]
  const fault = chain.flatMap(({ type, name }) => FAULTS[type ?? ''] ?? FAULTS[name] ?? []).at(-1)
  const [outermost] = chain
  const detail = chain.at(-1)?.message ?? String(error)
  if (fault) return new PortError(fault.code, fault.traits, `${fault.message}: ${detail}`, error)
  const traits = outermost?.retriable === true ? PASSING : BROKEN
  return new PortError('kafka_failed', traits, `Kafka failed: ${detail}`, error)
}

/** True where an error, or one inside it, came from a broker with this error code. */
export function isBrokerError(error: unknown, type: string): boolean {
  return [...unwrap(error)].some((inner) => inner.type === type)
}

/** The error and those inside it, outermost first. */
function* unwrap(error: unknown, depth = 0): Generator<KafkaJsError> {
  if (!(error instanceof Error) || depth > 10) return
  yield error as KafkaJsError
  const { cause, errors = [], groups = [] } = error as KafkaJsError
  for (const inner of [cause, ...errors, ...groups.map((group) => group.error)])
    yield* unwrap(inner, depth + 1)
}

/** The error of a call that took too long. */
export function timeoutError(ms: number): PortError {
  return new PortError(TIMEOUT.code, TIMEOUT.traits, `${TIMEOUT.message} (${ms / 1000} s).`)
}
