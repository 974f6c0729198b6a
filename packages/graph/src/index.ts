export { type AppliedChange, applyChange } from './apply-change.ts'
export { type Connectable, canConnect } from './can-connect.ts'
export { groupOf, partsOf } from './canvas-parts.ts'
export type {
  AddEdge,
  AddNode,
  Batch,
  GraphChange,
  MoveNodes,
  RemoveEdge,
  RemoveNode,
  RenamePipeline,
  SetCanvasNote,
  SetConfig,
  SetGroup,
  SetLabel,
  SetNote,
  SetTests,
} from './change.ts'
export { ChangeError, type ChangeErrorCode } from './change-error.ts'
export { CatalogueError, createCatalogue, defineNode, newNode } from './define-node.ts'
export type {
  Catalogue,
  ConfigFix,
  ConfigIssue,
  FormControl,
  FormHint,
  Inference,
  InputDefinition,
  InputSchemas,
  ListHelp,
  MissingFields,
  NodeDefinition,
  NodeKind,
  PortDefinition,
  ShowCondition,
  TopicFills,
  UpdateHandling,
} from './definition.ts'
export { type Change, diffGraphs, type GraphDiff, type NodeChange } from './diff-graph.ts'
export { edgeSchema, graphSchema, nodeSchema, positionSchema } from './document-schema.ts'
export { type ConfigEdit, editConfig } from './edit-config.ts'
export { type GraphIndex, indexGraph, predecessors, successors } from './graph-index.ts'
export { inferSchemas, type NodeSchemas, type SchemaInference } from './infer-schemas.ts'
export type { Issue, IssueFix, Severity } from './issue.ts'
export { type GraphIssueCode, ISSUE_CODES, type IssueCode } from './issue-codes.ts'
export { ID_PATTERN, LIMITS } from './limits.ts'
export { MASK, type MaskedRecord, maskMessage, maskRecord, UNMASKABLE } from './mask.ts'
export { type MigratedNodes, migrateNodes, type NodeMigrationFailure } from './migrate-nodes.ts'
export {
  type CanvasNote,
  type CanvasParts,
  emptyGraph,
  findNode,
  GRAPH_FORMAT,
  type GraphEdge,
  type GraphNode,
  type JsonValue,
  type Layout,
  type NodeConfig,
  type NodeGroup,
  type PipelineGraph,
  type PortRef,
  type Position,
  positionOf,
} from './model.ts'
export { isClosedOutput, openOutputs } from './open-outputs.ts'
export { ownMember } from './own-member.ts'
export { type ParsedGraph, parseGraph } from './parse-graph.ts'
export { fieldsOfAvro } from './schema-sources/from-avro.ts'
export { fieldsOfJson, type SampledFields } from './schema-sources/from-json.ts'
export { fieldsOfJsonSchema } from './schema-sources/from-json-schema.ts'
export { fieldsOfProtobuf } from './schema-sources/from-protobuf.ts'
export { fieldsOfSchema, type SchemaFormat } from './schema-sources/from-schema.ts'
export {
  type ProposedField,
  type ProposedFields,
  SCHEMA_SOURCE_LIMITS,
  type SchemaIssue,
} from './schema-sources/proposal.ts'
export type { SampleOptions } from './schema-sources/type-of-shape.ts'
export { type SensitiveFields, sensitiveFields } from './sensitive-fields.ts'
export { contentText, serializeGraph } from './serialize-graph.ts'
export {
  fieldIndex,
  fieldOf,
  mayMoveUntold,
  type StreamSchema,
  type StreamUpdates,
} from './stream-schema.ts'
export {
  type EventStep,
  EXPECTED_SIDES,
  type Expectation,
  type ExpectedRow,
  type ExpectedSide,
  isEventStep,
  type PipelineTest,
  type PipelineTests,
  type RowsExpectation,
  type TestStep,
  type TestTime,
  withoutTests,
} from './tests/model.ts'
export { TEST_LIMITS } from './tests/schema.ts'
export {
  downstreamOf,
  findCycle,
  findPath,
  type TopologicalOrder,
  topologicalOrder,
  upstreamOf,
} from './topology.ts'
export { validate } from './validate.ts'
export { counted, didYouMean, quote } from './words.ts'
