import type { NodeRuntime, RuntimeCatalogue } from '@millrace/engine'
import { type Catalogue, createCatalogue, ownMember } from '@millrace/graph'
import { HELP } from './generated/help.ts'
import { HELP_EXAMPLES } from './generated/help-examples.ts'
import type { HelpExample } from './help-example.ts'
import { elasticsearch } from './sinks/elasticsearch/definition.ts'
import { elasticsearchRuntime } from './sinks/elasticsearch/operator.ts'
import { kafkaSink } from './sinks/kafka/definition.ts'
import { kafkaSinkRuntime } from './sinks/kafka/operator.ts'
import { generator } from './sources/generator/definition.ts'
import { generatorRuntime } from './sources/generator/operator.ts'
import { kafkaSource } from './sources/kafka/definition.ts'
import { kafkaSourceRuntime } from './sources/kafka/operator.ts'
import { branch } from './transforms/branch/definition.ts'
import { branchRuntime } from './transforms/branch/operator.ts'
import { dedupe } from './transforms/dedupe/definition.ts'
import { dedupeRuntime } from './transforms/dedupe/operator.ts'
import { enrich } from './transforms/enrich/definition.ts'
import { enrichRuntime } from './transforms/enrich/operator.ts'
import { explode } from './transforms/explode/definition.ts'
import { explodeRuntime } from './transforms/explode/operator.ts'
import { filter } from './transforms/filter/definition.ts'
import { filterRuntime } from './transforms/filter/operator.ts'
import { join } from './transforms/join/definition.ts'
import { joinRuntime } from './transforms/join/operator.ts'
import { pattern } from './transforms/pattern/definition.ts'
import { patternRuntime } from './transforms/pattern/operator.ts'
import { running } from './transforms/running/definition.ts'
import { runningRuntime } from './transforms/running/operator.ts'
import { sample } from './transforms/sample/definition.ts'
import { sampleRuntime } from './transforms/sample/operator.ts'
import { select } from './transforms/select/definition.ts'
import { selectRuntime } from './transforms/select/operator.ts'
import { topN } from './transforms/top-n/definition.ts'
import { topNRuntime } from './transforms/top-n/operator.ts'
import { union } from './transforms/union/definition.ts'
import { unionRuntime } from './transforms/union/operator.ts'
import { window } from './transforms/window/definition.ts'
import { windowRuntime } from './transforms/window/operator.ts'

const DEFINITIONS = {
  kafka: kafkaSource,
  generator,
  filter,
  branch,
  select,
  explode,
  union,
  sample,
  dedupe,
  enrich,
  window,
  join,
  pattern,
  running,
  'top-n': topN,
  'kafka-sink': kafkaSink,
  elasticsearch,
} as const

/** Id of a node type. */
export type NodeType = keyof typeof DEFINITIONS

// A type without a runtime or a help text does not compile.
const RUNTIMES = {
  kafka: kafkaSourceRuntime,
  generator: generatorRuntime,
  filter: filterRuntime,
  branch: branchRuntime,
  select: selectRuntime,
  explode: explodeRuntime,
  union: unionRuntime,
  sample: sampleRuntime,
  dedupe: dedupeRuntime,
  enrich: enrichRuntime,
  window: windowRuntime,
  join: joinRuntime,
  pattern: patternRuntime,
  running: runningRuntime,
  'top-n': topNRuntime,
  'kafka-sink': kafkaSinkRuntime,
  elasticsearch: elasticsearchRuntime,
} as const satisfies Record<NodeType, NodeRuntime>

const RUNTIMES_BY_TYPE: ReadonlyMap<string, NodeRuntime> = new Map(Object.entries(RUNTIMES))
const HELP_BY_TYPE: ReadonlyMap<string, string> = new Map(
  Object.entries(HELP satisfies Record<NodeType, string>),
)

/** All node types, in the order of the palette. */
export const catalogue: Catalogue = createCatalogue(Object.values(DEFINITIONS))

/** How each node type runs. */
export const runtimes: RuntimeCatalogue = { get: (type) => RUNTIMES_BY_TYPE.get(type) }

/** The help on a node type: Markdown; undefined for an unknown type. */
export function nodeHelp(type: string): string | undefined {
  return HELP_BY_TYPE.get(type)
}

/** The example that the help on a node type begins with; undefined for an unknown type. */
export function helpExample(type: string): HelpExample | undefined {
  return ownMember(HELP_EXAMPLES, type)
}

export type {
  DocumentSearch,
  ElasticsearchPort,
  ExistingFields,
  FoundDocument,
  FoundDocuments,
  IndexDesign,
} from './elasticsearch-port.ts'
export type { HelpExample, HelpStep, HelpStream } from './help-example.ts'
export { ISSUE_CODES, type NodeIssueCode } from './issue-codes.ts'
export type {
  KafkaPort,
  NewTopic,
  PartitionOffsets,
  ProducedRecord,
  SampledRecord,
  SampleOptions,
  TopicDescription,
  TopicSummary,
} from './kafka-port.ts'
export { type FaultDomain, PortError, type RetryHint } from './port-error.ts'
export { compareMapping, type MappingComparison } from './sinks/elasticsearch/compare-mapping.ts'
export type { ElasticsearchConfig } from './sinks/elasticsearch/definition.ts'
export { documentTimeField, indexDesign } from './sinks/elasticsearch/index-design.ts'
export { isExpired } from './sinks/elasticsearch/index-name.ts'
export type { KafkaSinkConfig } from './sinks/kafka/definition.ts'
export type { GeneratorConfig } from './sources/generator/definition.ts'
export type { KafkaSourceConfig } from './sources/kafka/definition.ts'
export type { BranchConfig } from './transforms/branch/definition.ts'
export type { DedupeConfig } from './transforms/dedupe/settings.ts'
export { type CsvSize, csvSize } from './transforms/enrich/csv/csv-size.ts'
export { REFERENCE_LIMIT, ReferenceTooLargeError } from './transforms/enrich/reference-table.ts'
export type { EnrichConfig } from './transforms/enrich/settings.ts'
export type { ExplodeConfig } from './transforms/explode/settings.ts'
export type { FilterConfig } from './transforms/filter/definition.ts'
export type { JoinConfig } from './transforms/join/settings.ts'
export type { PatternConfig } from './transforms/pattern/settings.ts'
export type { RunningConfig } from './transforms/running/settings.ts'
export type { SampleConfig } from './transforms/sample/definition.ts'
export type { SelectConfig } from './transforms/select/settings.ts'
export type { TopNConfig } from './transforms/top-n/settings.ts'
export type { UnionConfig } from './transforms/union/definition.ts'
export type { WindowConfig } from './transforms/window/settings.ts'
