import { createHash } from 'node:crypto'
import type { ElasticsearchPort } from '@millrace/nodes'
import kafkajs from 'kafkajs'
import type { KafkaPort } from '../connections/kafka-port.ts'

export function kafkaPort(settings: { readonly [name: string]: string }): KafkaPort {
  const kafka = new kafkajs.Kafka({
    brokers: (settings.brokers ?? '').split(','),
    logLevel: 0,
    retry: { retries: 2 },
    connectionTimeout: 1000,
  })
  const admin = kafka.admin()
  let connected: Promise<void> | null = null
  const ready = () =>
    (connected ??= admin.connect().catch((e) => {
      connected = null
      throw e
    }))
  return {
    async listTopics() {
      await ready()
      const { topics } = await admin.fetchTopicMetadata()
      return topics.map((t) => ({ name: t.name, partitions: t.partitions.length }))
    },
    async describeTopic(name) {
      await ready()
      const { topics } = await admin.fetchTopicMetadata()
      const found = topics.find((t) => t.name === name)
      if (!found) return null
      return {
        name,
        topicId: createHash('md5').update(name).digest('hex'),
        partitions: found.partitions.length,
        config: { 'max.message.bytes': '1048588' },
      }
    },
    async createTopic({ name, partitions, replicationFactor, config }) {
      await ready()
      await admin.createTopics({
        topics: [
          {
            topic: name,
            numPartitions: partitions,
            replicationFactor,
            configEntries: Object.entries(config).map(([n, value]) => ({ name: n, value })),
          },
        ],
      })
    },
    async deleteTopics(names) {
      await ready()
      await admin.deleteTopics({ topics: [...names] })
    },
    async sample() {
      return []
    },
    async offsets(topic) {
      await ready()
      return (await admin.fetchTopicOffsets(topic)).map((o) => ({
        partition: o.partition,
        low: BigInt(o.low),
        high: BigInt(o.high),
      }))
    },
    async deleteGroups() {},
    async close() {
      await admin.disconnect()
    },
  }
}

export function elasticsearchPort(settings: { readonly [name: string]: string }): ElasticsearchPort {
  return {
    async check() {
      await fetch(`${settings.node}/_cluster/health`)
      return { version: '9' }
    },
    async ensureTemplate() {},
    async ensureIndex() {},
    async deliver() {
      return []
    },
    async search() {
      return { total: 0, more: false, tookMs: 1, documents: [] }
    },
    async dropExpired() {
      return []
    },
    async close() {},
  }
}
