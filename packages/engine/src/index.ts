export { ByteReader, CodecError } from './codec/byte-reader.ts'
export { ByteWriter } from './codec/byte-writer.ts'
export {
  decodeMessage,
  encodeRow,
  encodeWatermark,
  type Message,
  type RowMessage,
  type WatermarkMessage,
} from './codec/message.ts'
export { decodeOutbox, encodeOutbox, type OutboxEntry } from './codec/outbox-codec.ts'
export { createRowCodec, type RowCodec } from './codec/row-codec.ts'
export { decodeStateRow, decodeStateTimer, encodeStateRow, type StateRow } from './codec/state-codec.ts'
export { sameRow, sameValue } from './compare/same-value.ts'
export { CountingContext, softErrorFault } from './counting-context.ts'
export type { Results } from './driver/pending-output.ts'
export { type DriverOptions, PlanDriver, type TaskName } from './driver/plan-driver.ts'
export { type FannedRow, type FanOut, type FanOutRow, fanOutOperator } from './fan-out.ts'
export { murmur2, partitionOfKey } from './murmur2.ts'
export {
  type Decoded,
  type DueRow,
  type DueTimer,
  type GeneratorSourceRuntime,
  type KeyedReference,
  type KeyedState,
  type NodeRuntime,
  type Operator,
  type OperatorContext,
  type OutboxDocument,
  type OutboxSinkRuntime,
  type Output,
  type PartialOperator,
  type PreAggregation,
  type RangeOptions,
  RecordError,
  type RowUse,
  type RuntimeCatalogue,
  type SourceTime,
  type StateLayout,
  type SubKeyRange,
  type SubRow,
  type Tick,
  type TopicMessage,
  type TopicRef,
  type TopicSinkRuntime,
  type TopicSourceRuntime,
  type Touch,
  type TransformRuntime,
} from './operator.ts'
export { cutFields, stageCodecs } from './plan/cut-fields.ts'
export type { PartitionCounts } from './plan/find-cuts.ts'
export { type KnownStage, type NamedPlan, nameStages } from './plan/name-stages.ts'
export { isStateful, planStages } from './plan/plan-stages.ts'
export { type Program, type ProgramNode, prepareProgram, runtimeOf } from './plan/program.ts'
export { isReferenceSource, ownerOf, progressName, referenceSourceId } from './plan/reference-source.ts'
export {
  type DeliveryPlan,
  type DeploymentPlan,
  inputName,
  type OperatorRole,
  type PlannedCut,
  type PlannedEdge,
  type PlannedOperator,
  type ReferenceInput,
  type RepartitionInput,
  type SourceInput,
  type StageInput,
  type StagePlan,
  stageOf,
} from './plan/stage-plan.ts'
export { eventsOf, intersects, type Lineage, sizeOf, union } from './preview/lineage.ts'
export {
  type DroppedRow,
  type LateRow,
  type NodePreview,
  PREVIEW_ROWS,
  type PreviewRow,
} from './preview/preview-recorder.ts'
export { type Preview, type PreviewInput, runPreview } from './preview/run-preview.ts'
export {
  asDeletion,
  asNewRow,
  asUpdate,
  type ChangeKind,
  type DeadLetter,
  EARLIEST_WATERMARK,
  END_OF_INPUT,
  NO_WATERMARK,
  type Origin,
  type RawRecord,
  type StreamRecord,
  withRow,
} from './record.ts'
export { type RecordFault, recordFault } from './record-fault.ts'
export { seededNumber } from './seeded.ts'
export type { DeliveryOutcome, SinkConnector, VersionedDocument } from './sink-connector.ts'
export { contributorName } from './stage/build-sources.ts'
export { addCounters, type Counters, newCounters } from './stage/counters.ts'
export type { StageProgress } from './stage/progress.ts'
export type { StageOptions } from './stage/stage-options.ts'
export type { Probe, StageOutput } from './stage/stage-output.ts'
export { type Announcement, type CommitPoint, StageRuntime } from './stage/stage-runtime.ts'
export type {
  OutsideState,
  RowReply,
  RowRequest,
  StateChange,
  StateKeyRange,
  StoredRow,
  StoredTimer,
  TimerPage,
  TimerRequest,
} from './state/outside-rows.ts'
export { parseStateKey, rowName, type StateKey, splitRowName, stateKeyPrefix } from './state/state-key.ts'
export { parseSequenceSubKey, sequenceSubKey, timeOfSubKey, timeSubKey } from './state/sub-key.ts'
export { type Passage, type PassRow, statelessOperator } from './stateless.ts'
export {
  type ExpectationResult,
  NO_VALUE,
  type RowDifference,
  type RowText,
  type TestResult,
} from './tests/result.ts'
export { actualRows, explainFailure, runPipelineTest } from './tests/run-pipeline-test.ts'
export { type TestSource, testSources } from './tests/test-sources.ts'
export { nextMultiple } from './time/next-multiple.ts'
