import type { Api, ProducerIdentity } from './api.ts'

/** Commits or aborts the open transaction. */
export interface EndTxnRequest {
  readonly transactionalId: string
  readonly identity: ProducerIdentity
  readonly commit: boolean
}

/** From version 5 on: the identity for the next transaction. `null` before: it stays as it was. */
export interface EndTxnResponse {
  readonly error: number
  readonly next: ProducerIdentity | null
}

/** From this version on every transaction has an epoch of its own, so the request may be repeated (KIP-890). */
export const END_TXN_WITH_NEW_EPOCH = 5

/*
  EndTxn Request v3–5 => transactional_id producer_id producer_epoch committed TAGS
  EndTxn Response v3–5 => throttle_time_ms error_code (v5: producer_id producer_epoch) TAGS
*/
/** EndTxn. */
export const endTxn: Api<EndTxnRequest, EndTxnResponse> = {
  name: 'EndTxn',
  key: 26,
  minVersion: 3,
  maxVersion: 5,
  encode(writer, request) {
    writer
      .string(request.transactionalId)
      .bigint64(request.identity.producerId)
      .int16(request.identity.producerEpoch)
      .boolean(request.commit)
      .tags()
  },
  decode(reader, version) {
    reader.int32()
    const error = reader.int16()
    if (version < END_TXN_WITH_NEW_EPOCH) return { error, next: null }
    return { error, next: { producerId: reader.bigint64(), producerEpoch: reader.int16() } }
  },
}
