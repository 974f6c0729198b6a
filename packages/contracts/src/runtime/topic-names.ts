/** What identifies one run of a deployment. */
export interface RunName {
  readonly deployment: string
  readonly run: number
}

/** Names of the topics, groups and transactional ids of a deployment (exactly-once.md P1). */
export const topicNames = {
  repartition: ({ deployment, run }: RunName, stage: string) =>
    `millrace.${deployment}.${run}.${stage}.repartition`,
  control: ({ deployment, run }: RunName, stage: string) => `millrace.${deployment}.${run}.${stage}.control`,
  changelog: ({ deployment, run }: RunName, stage: string) =>
    `millrace.${deployment}.${run}.${stage}.changelog`,
  group: ({ deployment, run }: RunName, stage: string) => `millrace.${deployment}.${run}.${stage}`,
  transactionalId: (deployment: string, stage: string, partition: number) =>
    `millrace.${deployment}.${stage}.${partition}`,
  /** The outbox of a sink outside Kafka, and positions and group of its delivery tasks: they survive every run. */
  outbox: (deployment: string, sink: string) => `millrace.${deployment}.${deliveryStage(sink)}.outbox`,
  deliveryChangelog: (deployment: string, sink: string) =>
    `millrace.${deployment}.${deliveryStage(sink)}.changelog`,
  deliveryGroup: (deployment: string, sink: string) => `millrace.${deployment}.${deliveryStage(sink)}`,
  dead: (deployment: string) => `millrace.${deployment}.dead`,
} as const

/** The stage id of the delivery tasks behind a sink node's outbox; no other stage id begins so. */
export function deliveryStage(sinkNodeId: string): string {
  return `sink-${sinkNodeId}`
}

/** Headers of a dead letter: why and where; key and value are those of the source record. */
export const deadLetterHeaders = {
  code: 'millrace-code',
  message: 'millrace-message',
  node: 'millrace-node',
  topic: 'millrace-topic',
  partition: 'millrace-partition',
  offset: 'millrace-offset',
  /** Where the value is not the source record's bytes: `row`, a row as JSON; `batch`, a whole packed record batch. */
  content: 'millrace-content',
  /** Size in bytes of a value of which only the first 64 kB are kept. */
  cutFrom: 'millrace-cut-from',
} as const
