import { Redis } from 'ioredis'
import kafkajs from 'kafkajs'
import pg from 'pg'
import type { ServerName } from './settings.ts'

/** How a client writes something to each server and how it finds it again later. */
export const clients: Record<
  ServerName,
  { write(address: string): Promise<void>; read(address: string): Promise<unknown> }
> = {
  kafka: {
    async write(address) {
      const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }], waitForLeaders: true })
      await admin.disconnect()
      const producer = kafka.producer({ idempotent: true, transactionalId: 'keeper', maxInFlightRequests: 1 })
      await producer.connect()
      const transaction = await producer.transaction()
      await transaction.send({ topic: 'kept', messages: [{ value: 'kept' }] })
      await transaction.commit()
      await producer.disconnect()
    },
    async read(address) {
      const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING })
      const consumer = kafka.consumer({ groupId: `reader-${Date.now()}` })
      await consumer.connect()
      await consumer.subscribe({ topic: 'kept', fromBeginning: true })
      const found = Promise.withResolvers<unknown>()
      await consumer.run({ eachMessage: async ({ message }) => found.resolve(message.value?.toString()) })
      const value = await found.promise
      await consumer.disconnect()
      return value
    },
  },
  elasticsearch: {
    async write(address) {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${address}/kept/_doc/1`, {
        method: 'PUT',
        headers,
        body: '{"text":"kept"}',
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async read(address) {
      // The cluster answers before its shards are open again; the search waits for them.
      await fetch(`${address}/_cluster/health/kept?wait_for_status=yellow&timeout=30s`)
      const answer = (await (await fetch(`${address}/kept/_doc/1`)).json()) as { _source?: { text: string } }
      return answer._source?.text
    },
  },
  redis: {
    async write(address) {
      const redis = new Redis(address)
      await redis.set('kept', 'kept')
      redis.disconnect()
    },
    async read(address) {
      const redis = new Redis(address)
      const value = await redis.get('kept')
      redis.disconnect()
      return value
    },
  },
  postgres: {
    async write(address) {
      await query(address, 'create table kept (text text); insert into kept values ($$kept$$)')
    },
    async read(address) {
      return (await query(address, 'select text from kept'))[0]?.text
    },
  },
}

/** Runs one or more statements and gives the rows of a single one. */
export async function query(address: string, sql: string): Promise<{ text: string }[]> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
