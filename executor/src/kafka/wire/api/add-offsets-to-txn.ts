import type { Api, ProducerIdentity } from './api.ts'

/** Announces a group whose offsets a transaction is about to commit. */
export interface AddOffsetsToTxnRequest {
  readonly transactionalId: string
  readonly identity: ProducerIdentity
  readonly group: string
}

/*
  AddOffsetsToTxn Request v3–4 => transactional_id producer_id producer_epoch group_id TAGS
  AddOffsetsToTxn Response v3–4 => throttle_time_ms error_code TAGS
*/
/** AddOffsetsToTxn, needed below transaction version 2. */
export const addOffsetsToTxn: Api<AddOffsetsToTxnRequest, { readonly error: number }> = {
  name: 'AddOffsetsToTxn',
  key: 25,
  minVersion: 3,
  maxVersion: 4,
  encode(writer, request) {
    writer
      .string(request.transactionalId)
      .bigint64(request.identity.producerId)
      .int16(request.identity.producerEpoch)
      .string(request.group)
      .tags()
  },
  decode(reader) {
    reader.int32()
    return { error: reader.int16() }
  },
}
