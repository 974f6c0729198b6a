import type { WireReader } from '../wire-reader.ts'
import type { Api } from './api.ts'
import type { BrokerAddress } from './metadata.ts'

/** What a coordinator is responsible for. */
export type CoordinatorKind = 'group' | 'transaction'

const KEY_TYPES = { group: 0, transaction: 1 } as const satisfies Record<CoordinatorKind, number>

/** Asks who coordinates one group or transactional id. */
export interface FindCoordinatorRequest {
  readonly kind: CoordinatorKind
  readonly key: string
}

/** The broker that coordinates one group or transactional id. */
export interface CoordinatorEntry extends BrokerAddress {
  readonly key: string
  readonly brokerId: number
  readonly error: number
  readonly message: string | null
}

/*
  FindCoordinator Request v4–5 => key_type [coordinator_keys] TAGS
  FindCoordinator Response v4–5 => throttle_time_ms [coordinators] TAGS
    coordinators => key node_id host port error_code error_message TAGS
*/
/** FindCoordinator (batched since KIP-699; one key is asked for at a time). */
export const findCoordinator: Api<FindCoordinatorRequest, readonly CoordinatorEntry[]> = {
  name: 'FindCoordinator',
  key: 10,
  minVersion: 4,
  maxVersion: 5,
  encode(writer, request) {
    writer
      .int8(KEY_TYPES[request.kind])
      .array([request.key], (key) => writer.string(key))
      .tags()
  },
  decode(reader) {
    reader.int32()
    return reader.array(readCoordinator)
  },
}

function readCoordinator(reader: WireReader): CoordinatorEntry {
  const key = reader.string()
  const brokerId = reader.int32()
  const host = reader.string()
  const port = reader.int32()
  const error = reader.int16()
  const message = reader.nullableString()
  reader.tags()
  return { key, brokerId, host, port, error, message }
}
