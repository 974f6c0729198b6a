import type { Api, ProducerIdentity } from './api.ts'

/** Takes over a transactional id. */
export interface InitProducerIdRequest {
  readonly transactionalId: string
  /** The coordinator aborts a transaction that stays open longer. */
  readonly transactionTimeoutMs: number
}

/** The identity to write with. */
export interface InitProducerIdResponse extends ProducerIdentity {
  readonly error: number
}

/*
  InitProducerId Request v4–5 => transactional_id transaction_timeout_ms producer_id producer_epoch TAGS
  InitProducerId Response v4–5 => throttle_time_ms error_code producer_id producer_epoch TAGS
*/
/** InitProducerId, always as a newcomer: every other producer of this transactional id is fenced. */
export const initProducerId: Api<InitProducerIdRequest, InitProducerIdResponse> = {
  name: 'InitProducerId',
  key: 22,
  minVersion: 4,
  maxVersion: 5,
  encode(writer, request) {
    writer
      .nullableString(request.transactionalId)
      .int32(request.transactionTimeoutMs)
      .int64(-1)
      .int16(-1)
      .tags()
  },
  decode(reader) {
    reader.int32()
    return { error: reader.int16(), producerId: reader.bigint64(), producerEpoch: reader.int16() }
  },
}
