export type { IsolationLevel, ProducerIdentity, TopicPartition } from './api/api.ts'
export type { RecordDeletion } from './api/delete-records.ts'
export type { PartitionMetadata } from './api/metadata.ts'
export type { GroupOffset } from './api/txn-offset-commit.ts'
export type { PartitionWrite, ProducedBatch } from './batch-sender.ts'
export type { SaslCredentials } from './broker-connection.ts'
export { connectKafka, type KafkaClient, type KafkaOptions } from './client.ts'
export type { TopicMetadata } from './cluster.ts'
export { type ErrorCode, type ErrorName, type ErrorTrait, errorCodeOf, errorCodes } from './error-codes.ts'
export {
  type ClientFault,
  type FaultContext,
  type FaultDomain,
  KafkaError,
  type RetryHint,
} from './errors.ts'
export type { FetchedPartition, Fetcher, FetcherSettings, FetchOptions, FetchPosition } from './fetcher.ts'
export type { CommittedOffset, LowWatermark, OffsetPlace, PartitionOffset } from './offsets.ts'
export type { HeaderInput, RecordHeader } from './records/layout.ts'
export { DEFAULT_MAX_BATCH_BYTES, RecordBatchBuilder } from './records/record-batch-builder.ts'
export type { PackedBatch, RecordCursor } from './records/record-cursor.ts'
export { type RecordBytes, singleRecordBatchSize } from './records/record-encoder.ts'
export type { ProducerSettings, TransactionalProducer } from './transactional-producer.ts'
