import type { DeploymentPlan } from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'

/**
 * All that an executor needs to run one generation of a deployment. Executors never read Postgres. Immutable once
 * written; secrets inside are encrypted.
 */
export interface DeploymentSpec {
  readonly deployment: string
  readonly pipelineId: string
  readonly pipelineName: string
  /** Number of the published version. */
  readonly version: number
  /** Grows with every publish, start and roll back of the deployment. */
  readonly generation: number
  /** Grows with every fresh start: it names new internal topics. */
  readonly run: number
  readonly graph: PipelineGraph
  readonly plan: DeploymentPlan
  /** By stateful node id: the generation in which its state began. */
  readonly births: { readonly [nodeId: string]: number }
  /** By sink node id: grows when its outbox is re-created or a replay starts, so that newer documents win. */
  readonly incarnations: { readonly [nodeId: string]: number }
  /** Where inputs begin that no earlier position is known of. */
  readonly start: StartFrom
  /**
   * Set where a person said how to go on in topics that are not what was read any more: there, and only there, the first
   * take-over by this generation begins anew. State is kept.
   */
  readonly continueFrom?: ContinueFrom
  /** Stages of the generation before that this one no longer has: their source positions are taken over. */
  readonly retired: readonly RetiredStage[]
  /** By id of a source, reference or sink node: what its topic looked like at publish. */
  readonly topics: { readonly [nodeId: string]: TopicSnapshot }
  /** Id of the Kafka connection that holds the internal topics; a transaction cannot span two clusters. */
  readonly kafka: string
  /** By connection id. */
  readonly connections: { readonly [id: string]: ConnectionSpec }
  readonly settings: RunSettings
}

/** Where reading begins. */
export type StartFrom =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  /** Epoch ms of record timestamps. */
  | { readonly kind: 'time'; readonly time: number }

/** Where reading goes on in a topic in which the position means nothing any more. */
export type ContinueFrom = 'earliest' | 'latest'

/** A stage that ended with a publish. */
export interface RetiredStage {
  readonly id: string
  readonly tasks: number
  /** Source nodes that it read. */
  readonly sources: readonly string[]
}

/** A topic at publish: if it changes underneath, the pipeline stops with a question. */
export interface TopicSnapshot {
  readonly topic: string
  readonly topicId: string
  readonly partitions: number
  /** The topic's `max.message.bytes`. */
  readonly maxMessageBytes: number
}

/** A connection as executors see it. */
export interface ConnectionSpec {
  readonly id: string
  readonly kind: ConnectionKind
  /** Settings that are no secrets, e.g. `brokers` or `node`. */
  readonly settings: { readonly [name: string]: string }
  /** Encrypted settings; null where there are none. Bound to deployment, connection and version. */
  readonly secrets: EncryptedSecrets | null
}

/** The kinds of systems a pipeline can be connected to. */
export type ConnectionKind = 'kafka' | 'elasticsearch'

/** AES-256-GCM over a JSON object of secret settings; all parts base64. */
export interface EncryptedSecrets {
  readonly keyId: string
  readonly nonce: string
  readonly ciphertext: string
  readonly tag: string
}

/** How a deployment runs; defaults in `DEFAULT_SETTINGS`. */
export interface RunSettings {
  /** Time between commits of a task, ms (50 to 500). */
  readonly commitIntervalMs: number
  /** A commit is due earlier after this many records … */
  readonly commitRecords: number
  /** … or this many bytes of results. */
  readonly commitBytes: number
  /** A task reads no more while an internal topic that it writes holds more unread records than this … */
  readonly maxUnreadRecords: number
  /** … or more bytes of them, about. */
  readonly maxUnreadBytes: number
  /** Of internal topics and the dead-letter topic. */
  readonly replicationFactor: number
}

/** What a deployment runs with unless set otherwise. */
export const DEFAULT_SETTINGS: RunSettings = {
  commitIntervalMs: 100,
  commitRecords: 20_000,
  commitBytes: 4_000_000,
  maxUnreadRecords: 1_000_000,
  maxUnreadBytes: 1_000_000_000,
  replicationFactor: 1,
}
