import type { WireReader } from '../wire-reader.ts'
import { type Api, groupByTopic, type ProducerIdentity, type TopicPartition } from './api.ts'

/** Announces partitions that a transaction is about to write to. */
export interface AddPartitionsToTxnRequest {
  readonly transactionalId: string
  readonly identity: ProducerIdentity
  readonly partitions: readonly TopicPartition[]
}

/** What became of one partition. */
export interface AddedPartition extends TopicPartition {
  readonly error: number
}

/*
  AddPartitionsToTxn Request v3 => transactional_id producer_id producer_epoch [topics] TAGS
    topics => name [partitions] TAGS
  AddPartitionsToTxn Response v3 => throttle_time_ms [results_by_topic] TAGS
    results_by_topic => name [results_by_partition] TAGS
      results_by_partition => partition_index partition_error_code TAGS
*/
/** AddPartitionsToTxn, needed below transaction version 2. Version 4 and above are for brokers. */
export const addPartitionsToTxn: Api<AddPartitionsToTxnRequest, readonly AddedPartition[]> = {
  name: 'AddPartitionsToTxn',
  key: 24,
  minVersion: 3,
  maxVersion: 3,
  encode(writer, request) {
    writer
      .string(request.transactionalId)
      .bigint64(request.identity.producerId)
      .int16(request.identity.producerEpoch)
      .array(groupByTopic(request.partitions), ([topic, partitions]) =>
        writer
          .string(topic)
          .array(partitions, ({ partition }) => writer.int32(partition))
          .tags(),
      )
      .tags()
  },
  decode(reader) {
    reader.int32()
    return reader.array(readTopic).flat()
  },
}

function readTopic(reader: WireReader): AddedPartition[] {
  const topic = reader.string()
  const partitions = reader.array(() => {
    const partition = reader.int32()
    const error = reader.int16()
    reader.tags()
    return { topic, partition, error }
  })
  reader.tags()
  return partitions
}
