/**
 * What a broker's error code asks of the client:
 * `never` do not repeat, `retry` the same request may succeed later, `refresh` the same after fresh metadata,
 * `user` somebody must grant a right or mend credentials, `fenced` another client took over the transactional id.
 */
export type ErrorTrait = 'never' | 'retry' | 'refresh' | 'user' | 'fenced'

/** One broker error code as Kafka's protocol guide lists it. */
export interface ErrorCode {
  readonly number: number
  readonly name: string
  readonly trait: ErrorTrait
}

/**
 * All error codes of Kafka 4.4 (`org.apache.kafka.common.protocol.Errors`); code 0 means success and is no error.
 * `retry` and `refresh` are the Java client's RetriableException and InvalidMetadataException.
 */
const TABLE = [
  [-1, 'UNKNOWN_SERVER_ERROR', 'never'],
  [1, 'OFFSET_OUT_OF_RANGE', 'never'],
  [2, 'CORRUPT_MESSAGE', 'retry'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'refresh'],
  [4, 'INVALID_FETCH_SIZE', 'never'],
  [5, 'LEADER_NOT_AVAILABLE', 'refresh'],
  [6, 'NOT_LEADER_OR_FOLLOWER', 'refresh'],
  [7, 'REQUEST_TIMED_OUT', 'retry'],
  [8, 'BROKER_NOT_AVAILABLE', 'never'],
  [9, 'REPLICA_NOT_AVAILABLE', 'refresh'],
  [10, 'MESSAGE_TOO_LARGE', 'never'],
  [11, 'STALE_CONTROLLER_EPOCH', 'never'],
  [12, 'OFFSET_METADATA_TOO_LARGE', 'never'],
  [13, 'NETWORK_EXCEPTION', 'refresh'],
  [14, 'COORDINATOR_LOAD_IN_PROGRESS', 'retry'],
  [15, 'COORDINATOR_NOT_AVAILABLE', 'retry'],
  [16, 'NOT_COORDINATOR', 'retry'],
  [17, 'INVALID_TOPIC_EXCEPTION', 'never'],
  [18, 'RECORD_LIST_TOO_LARGE', 'never'],
  [19, 'NOT_ENOUGH_REPLICAS', 'retry'],
  [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retry'],
  [21, 'INVALID_REQUIRED_ACKS', 'never'],
  [22, 'ILLEGAL_GENERATION', 'never'],
  [23, 'INCONSISTENT_GROUP_PROTOCOL', 'never'],
  [24, 'INVALID_GROUP_ID', 'never'],
  [25, 'UNKNOWN_MEMBER_ID', 'never'],
  [26, 'INVALID_SESSION_TIMEOUT', 'never'],
  [27, 'REBALANCE_IN_PROGRESS', 'never'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE', 'never'],
  [29, 'TOPIC_AUTHORIZATION_FAILED', 'user'],
  [30, 'GROUP_AUTHORIZATION_FAILED', 'user'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED', 'user'],
  [32, 'INVALID_TIMESTAMP', 'never'],
  [33, 'UNSUPPORTED_SASL_MECHANISM', 'user'],
  [34, 'ILLEGAL_SASL_STATE', 'never'],
  [35, 'UNSUPPORTED_VERSION', 'never'],
  [36, 'TOPIC_ALREADY_EXISTS', 'never'],
  [37, 'INVALID_PARTITIONS', 'never'],
  [38, 'INVALID_REPLICATION_FACTOR', 'never'],
  [39, 'INVALID_REPLICA_ASSIGNMENT', 'never'],
  [40, 'INVALID_CONFIG', 'never'],
  [41, 'NOT_CONTROLLER', 'retry'],
  [42, 'INVALID_REQUEST', 'never'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'never'],
  [44, 'POLICY_VIOLATION', 'never'],
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'never'],
  [46, 'DUPLICATE_SEQUENCE_NUMBER', 'never'],
  [47, 'INVALID_PRODUCER_EPOCH', 'fenced'],
  [48, 'INVALID_TXN_STATE', 'never'],
  [49, 'INVALID_PRODUCER_ID_MAPPING', 'fenced'],
  [50, 'INVALID_TRANSACTION_TIMEOUT', 'never'],
  [51, 'CONCURRENT_TRANSACTIONS', 'retry'],
  [52, 'TRANSACTION_COORDINATOR_FENCED', 'never'],
  [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'user'],
  [54, 'SECURITY_DISABLED', 'never'],
  [55, 'OPERATION_NOT_ATTEMPTED', 'never'],
  [56, 'KAFKA_STORAGE_ERROR', 'refresh'],
  [57, 'LOG_DIR_NOT_FOUND', 'never'],
  [58, 'SASL_AUTHENTICATION_FAILED', 'user'],
  [59, 'UNKNOWN_PRODUCER_ID', 'never'],
  [60, 'REASSIGNMENT_IN_PROGRESS', 'never'],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED', 'never'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND', 'never'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH', 'never'],
  [64, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED', 'never'],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED', 'user'],
  [66, 'DELEGATION_TOKEN_EXPIRED', 'never'],
  [67, 'INVALID_PRINCIPAL_TYPE', 'never'],
  [68, 'NON_EMPTY_GROUP', 'never'],
  [69, 'GROUP_ID_NOT_FOUND', 'never'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND', 'retry'],
  [71, 'INVALID_FETCH_SESSION_EPOCH', 'retry'],
  [72, 'LISTENER_NOT_FOUND', 'refresh'],
  [73, 'TOPIC_DELETION_DISABLED', 'never'],
  [74, 'FENCED_LEADER_EPOCH', 'refresh'],
  [75, 'UNKNOWN_LEADER_EPOCH', 'retry'],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE', 'never'],
  [77, 'STALE_BROKER_EPOCH', 'never'],
  [78, 'OFFSET_NOT_AVAILABLE', 'retry'],
  [79, 'MEMBER_ID_REQUIRED', 'never'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE', 'refresh'],
  [81, 'GROUP_MAX_SIZE_REACHED', 'never'],
  [82, 'FENCED_INSTANCE_ID', 'never'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', 'refresh'],
  [84, 'ELECTION_NOT_NEEDED', 'refresh'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS', 'never'],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC', 'never'],
  [87, 'INVALID_RECORD', 'never'],
  [88, 'UNSTABLE_OFFSET_COMMIT', 'retry'],
  [89, 'THROTTLING_QUOTA_EXCEEDED', 'retry'],
  [90, 'PRODUCER_FENCED', 'fenced'],
  [91, 'RESOURCE_NOT_FOUND', 'never'],
  [92, 'DUPLICATE_RESOURCE', 'never'],
  [93, 'UNACCEPTABLE_CREDENTIAL', 'never'],
  [94, 'INCONSISTENT_VOTER_SET', 'never'],
  [95, 'INVALID_UPDATE_VERSION', 'never'],
  [96, 'FEATURE_UPDATE_FAILED', 'never'],
  [97, 'PRINCIPAL_DESERIALIZATION_FAILURE', 'never'],
  [98, 'SNAPSHOT_NOT_FOUND', 'never'],
  [99, 'POSITION_OUT_OF_RANGE', 'never'],
  [100, 'UNKNOWN_TOPIC_ID', 'refresh'],
  [101, 'DUPLICATE_BROKER_REGISTRATION', 'never'],
  [102, 'BROKER_ID_NOT_REGISTERED', 'never'],
  [103, 'INCONSISTENT_TOPIC_ID', 'refresh'],
  [104, 'INCONSISTENT_CLUSTER_ID', 'never'],
  [105, 'TRANSACTIONAL_ID_NOT_FOUND', 'never'],
  [106, 'FETCH_SESSION_TOPIC_ID_ERROR', 'retry'],
  [107, 'INELIGIBLE_REPLICA', 'never'],
  [108, 'NEW_LEADER_ELECTED', 'never'],
  [109, 'OFFSET_MOVED_TO_TIERED_STORAGE', 'never'],
  [110, 'FENCED_MEMBER_EPOCH', 'never'],
  [111, 'UNRELEASED_INSTANCE_ID', 'never'],
  [112, 'UNSUPPORTED_ASSIGNOR', 'never'],
  [113, 'STALE_MEMBER_EPOCH', 'never'],
  [114, 'MISMATCHED_ENDPOINT_TYPE', 'never'],
  [115, 'UNSUPPORTED_ENDPOINT_TYPE', 'never'],
  [116, 'UNKNOWN_CONTROLLER_ID', 'never'],
  [117, 'UNKNOWN_SUBSCRIPTION_ID', 'never'],
  [118, 'TELEMETRY_TOO_LARGE', 'never'],
  [119, 'INVALID_REGISTRATION', 'never'],
  [120, 'TRANSACTION_ABORTABLE', 'never'],
  [121, 'INVALID_RECORD_STATE', 'never'],
  [122, 'SHARE_SESSION_NOT_FOUND', 'retry'],
  [123, 'INVALID_SHARE_SESSION_EPOCH', 'retry'],
  [124, 'FENCED_STATE_EPOCH', 'never'],
  [125, 'INVALID_VOTER_KEY', 'never'],
  [126, 'DUPLICATE_VOTER', 'never'],
  [127, 'VOTER_NOT_FOUND', 'never'],
  [128, 'INVALID_REGULAR_EXPRESSION', 'never'],
  [129, 'REBOOTSTRAP_REQUIRED', 'never'],
  [130, 'STREAMS_INVALID_TOPOLOGY', 'never'],
  [131, 'STREAMS_INVALID_TOPOLOGY_EPOCH', 'never'],
  [132, 'STREAMS_TOPOLOGY_FENCED', 'never'],
  [133, 'SHARE_SESSION_LIMIT_REACHED', 'retry'],
  [134, 'GROUP_DELETION_FAILED', 'never'],
  [135, 'STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED', 'never'],
  [136, 'CONTROLLER_ID_NOT_REGISTERED', 'never'],
] as const satisfies readonly (readonly [number: number, name: string, trait: ErrorTrait])[]

/** Name of a broker's error. */
export type ErrorName = (typeof TABLE)[number][1]

const byNumber: ReadonlyMap<number, ErrorCode> = new Map(
  TABLE.map(([number, name, trait]) => [number, { number, name, trait }]),
)

/** Every known code, in the order of their numbers. */
export const errorCodes: readonly ErrorCode[] = [...byNumber.values()]

/** The code with this number; a number that this table does not know is never worth a repeat. */
export function errorCodeOf(number: number): ErrorCode {
  return byNumber.get(number) ?? { number, name: `UNKNOWN_ERROR_CODE_${number}`, trait: 'never' }
}

const numbersByName = new Map<string, number>(TABLE.map(([number, name]) => [name, number]))

/** The number of an error that is known by its name. */
export function errorNumberOf(name: ErrorName): number {
  return numbersByName.get(name)!
}
