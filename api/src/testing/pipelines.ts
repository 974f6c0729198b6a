import { randomBytes } from 'node:crypto'
import type { PipelineGraph } from '@millrace/graph'
import type { DedupeConfig, KafkaSinkConfig, KafkaSourceConfig, WindowConfig } from '@millrace/nodes'
import { createKafkaPort } from '@millrace/nodes/connectors'
import kafkajs from 'kafkajs'
import { inject } from 'vitest'
import { chain, step } from '../templates/build.ts'

/** Settings of the pipelines of tests that tests change. */
export interface SamplePipeline {
  readonly source: string
  readonly sink: string
  readonly groupBy?: readonly string[]
  readonly size?: number
  readonly ttl?: number
  /** Leaves the window out. */
  readonly isPlain?: boolean
}

/** A topic name that no other test uses. */
export function freshTopic(name: string): string {
  return `${name}-${randomBytes(6).toString('hex')}`
}

/** Source, dedupe, window by region (so a cut), Kafka sink. */
export function samplePipeline({
  source,
  sink,
  groupBy = ['region'],
  size,
  ttl,
  isPlain,
}: SamplePipeline): PipelineGraph {
  const orders = step('orders', 'kafka', 'Orders', {
    connection: 'kafka',
    topic: source,
    format: 'json',
    fields: [
      { name: 'orderId', type: 'string not null' },
      { name: 'region', type: 'string' },
      { name: 'tier', type: 'string' },
      { name: 'ts', type: 'timestamp' },
    ],
    eventTime: 'ts',
    outOfOrderness: 5_000,
    idleTimeout: 30_000,
    maxAhead: null,
    keyedBy: ['orderId'],
  } satisfies KafkaSourceConfig)
  const first = step('first', 'dedupe', 'First per order', {
    key: ['orderId'],
    keep: 'first',
    order: 'arrival',
    ttl: ttl ?? 3_600_000,
  } satisfies DedupeConfig)
  const count = step('count', 'window', 'Count', {
    size: size ?? 60_000,
    groupBy: [...groupBy],
    aggregates: [{ function: 'count', as: 'orders' }],
  } satisfies Partial<WindowConfig>)
  const out = step('out', 'kafka-sink', 'Results', {
    connection: 'kafka',
    topic: sink,
    key: isPlain ? ['orderId'] : [...groupBy],
  } satisfies KafkaSinkConfig)
  const nodes = isPlain ? [orders, first, out] : [orders, first, count, out]
  return { format: 1, name: 'Sample', nodes, edges: chain(nodes), layout: {} }
}

/** Creates topics on the tests' Kafka. */
export async function createTopics(
  topics: readonly string[],
  partitions = 2,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const port = createKafkaPort({ brokers: inject('servers').kafka }, {})
  for (const name of topics) await port.createTopic({ name, partitions, replicationFactor: 1, config })
  await port.close()
}

/** Names of all topics that begin so. */
export function topicsWith(prefix: string): Promise<string[]> {
  return withAdmin(async (admin) =>
    (await admin.listTopics()).filter((name) => name.startsWith(prefix)).sort(),
  )
}

/** Deletes a topic. */
export async function deleteTopic(topic: string): Promise<void> {
  await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }))
}

/** Settings of a topic that are not the broker's. */
export function topicSettings(topic: string): Promise<Record<string, string>> {
  return withAdmin(async (admin) => {
    const { TOPIC } = kafkajs.ConfigResourceTypes
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: TOPIC, name: topic }],
    })
    const entries = resources[0]?.configEntries.filter(({ isDefault }) => !isDefault) ?? []
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]))
  })
}

async function withAdmin<T>(action: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const kafka = new kafkajs.Kafka({ brokers: [inject('servers').kafka], logLevel: kafkajs.logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await action(admin)
  } finally {
    await admin.disconnect()
  }
}
