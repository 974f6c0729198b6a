import { type LiveSample, type LiveSamples, redisKeys } from '@millrace/contracts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../setup/postgres.ts'
import { migratedSchema } from '../../setup/prisma.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { OrderFlow } from '../../support/order-flow.ts'
import { Product, type TestPipeline } from '../../support/product.ts'
import { waitFor } from '../../support/wait-for.ts'

const TEST_MS = 300_000
const DEADLINE_MS = 90_000

let database: TestDatabase
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
let flow: OrderFlow
let deployment: string

beforeAll(async () => {
  const servers = inject('servers')
  database = await createTestDatabase(servers.postgres, await migratedSchema())
  kafka = await KafkaForTests.connect(servers.kafka)
  flow = await OrderFlow.over(kafka)
  product = await Product.start({ ...servers, postgres: database.url, redis: `${servers.redis}/6` })
  pipeline = await product.create('Watched')
  await product.publish(pipeline, withSensitive(flow), { start: { kind: 'earliest' } })
  deployment = await product.onlyDeployment()
}, TEST_MS)

afterAll(async () => {
  await product?.stop()
  await kafka?.close()
  await database?.drop()
})

/** The same pipeline, with a sensitive field. */
function withSensitive(orders: OrderFlow) {
  const graph = orders.graph()
  const nodes = graph.nodes.map((node) => {
    if (node.type !== 'kafka') return node
    const fields = (node.config.fields as { readonly name: string }[]).map((field) =>
      field.name === 'region' ? { ...field, sensitive: true } : field,
    )
    return { ...node, config: { ...node.config, fields } }
  })
  return { ...graph, nodes } as typeof graph
}

/** Looks at a node while orders come, until what was seen is enough. */
async function look(nodeId: string, isEnough: (seen: readonly LiveSample[]) => boolean) {
  const seen: LiveSample[] = []
  const end = new AbortController()
  const url = `/pipelines/${pipeline.id}/nodes/${nodeId}/events`
  const listening = product.listen(url, end.signal, (event) => {
    seen.push(...(event as LiveSamples).samples)
  })
  listening.catch(() => {})
  await waitFor(
    `enough events of ${nodeId}`,
    async () => {
      await flow.feed(50)
      return isEnough(seen)
    },
    DEADLINE_MS,
  )
  end.abort()
  return seen
}

describe('live events of a running pipeline', { timeout: TEST_MS }, () => {
  test('are a few a second of the node that is looked at, in and out, without sensitive fields', async () => {
    const seen = await look('first', (events) => {
      const sides = new Set(events.map(({ side }) => side))
      return sides.has('in') && sides.has('out')
    })
    expect(new Set(seen.map(({ nodeId }) => nodeId))).toEqual(new Set(['first']))
    for (const { row, masked, origin, side } of seen) {
      expect(JSON.parse(row ?? '')).toMatchObject({ orderId: expect.stringMatching(/^o-\d+$/) })
      expect(row).not.toMatch(/EU|US|ASIA/)
      expect(masked).toEqual(['region'])
      if (side === 'in') expect(origin).toMatch(/^orders-.*\/\d+\/\d+$/)
    }
  })

  test('are sampled only while somebody looks', async () => {
    await look('passed', (events) => events.length > 0)
    await waitFor(
      'nobody looks any more',
      async () => (await product.redis.zcount(redisKeys.watched(deployment), Date.now(), '+inf')) === 0,
      DEADLINE_MS,
    )
    // What was taken is forgotten soon, and nothing new comes.
    await waitFor(
      'no events are left',
      async () => {
        await flow.feed(10)
        return (await product.redis.exists(redisKeys.samples(deployment))) === 0
      },
      DEADLINE_MS,
    )
  })

  test('are of nodes of the pipeline only', async () => {
    const url = `/pipelines/${pipeline.id}/nodes/nothing/events`
    await expect(product.listen(url, AbortSignal.timeout(DEADLINE_MS), () => {})).rejects.toThrow('404')
  })
})
