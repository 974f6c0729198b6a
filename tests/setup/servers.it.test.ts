import { Redis } from 'ioredis'
import kafkajs from 'kafkajs'
import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { givenAddresses } from './servers.ts'

describe('the provided servers', () => {
  test('Kafka answers at its address', async () => {
    const kafka = new kafkajs.Kafka({
      brokers: [inject('servers').kafka],
      logLevel: kafkajs.logLevel.NOTHING,
    })
    const admin = kafka.admin()
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    await admin.disconnect()
    expect(brokers).toHaveLength(1)
  })

  test('Elasticsearch answers at its address', async () => {
    const answer = await fetch(`${inject('servers').elasticsearch}/_cluster/health`)
    expect(await answer.json()).toMatchObject({ number_of_nodes: 1 })
  })

  test('Redis answers at its address', async () => {
    const redis = new Redis(inject('servers').redis)
    expect(await redis.ping()).toBe('PONG')
    redis.disconnect()
  })

  test('Postgres answers at its address', async () => {
    const client = new pg.Client({ connectionString: inject('servers').postgres })
    await client.connect()
    const { rows } = await client.query('select current_database() as name')
    await client.end()
    expect(rows).toEqual([{ name: 'millrace' }])
  })
})

describe('MILLRACE_TEST_SERVERS', () => {
  const addresses = {
    kafka: 'a:1',
    elasticsearch: 'http://a:2',
    redis: 'redis://a:3',
    postgres: 'postgres://a:4/b',
  }

  test('gives the addresses of servers that run already', () => {
    expect(givenAddresses({ MILLRACE_TEST_SERVERS: JSON.stringify(addresses) })).toEqual(addresses)
  })

  test('is optional', () => {
    expect(givenAddresses({})).toBeUndefined()
  })

  test('is refused when it leaves a server out', () => {
    const { redis, ...others } = addresses
    expect(() => givenAddresses({ MILLRACE_TEST_SERVERS: JSON.stringify(others) })).toThrow('redis')
  })
})
