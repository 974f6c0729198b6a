import { planStages, prepareProgram } from '@millrace/engine'
import { catalogue, runtimes } from '@millrace/nodes'
import { demoOrder, demoProduct, demoUser } from '@millrace/testkit'
import { describe, expect, it } from 'vitest'
import { deadLetterTopic, internalTopics } from '../../api/src/deployments/internal-topics.ts'
import { ordersByRegion } from '../../api/src/templates/orders-by-region.ts'
import { placeOf } from '../../executor/src/task/transaction-output.ts'
import { DEMO_TIMING, orderDueAt } from '../../scripts/demo/demo-orders.ts'
import { documentAt } from './support/documents.ts'

const { text } = documentAt('ARCHITECTURE.md')
const PARTITIONS = 4
const NUMBER = 1_000_000
const order = demoOrder(DEMO_TIMING, NUMBER)
const user = demoUser(DEMO_TIMING.seed, numberIn(order.userId))

/** Those of the phrases that the text does not have, whatever its line breaks. */
function unsaid(...phrases: string[]): string[] {
  const prose = text.replaceAll(/\s+/g, ' ')
  return phrases.filter((phrase) => !prose.includes(phrase))
}

function timeOfDay(time: number): string {
  return new Date(time).toISOString().slice(11, 23)
}

function numberIn(name: string): number {
  return Number(/\d+$/.exec(name)?.[0])
}

describe('the order that ARCHITECTURE.md follows', () => {
  it('is the one with that number', () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(text) ?? []
    expect(JSON.parse(json)).toEqual(order)
    expect(orderDueAt(Date.UTC(2026, 0, 1, 1, 23, 20))).toBe(NUMBER)
    expect(unsaid(timeOfDay(order.ts), timeOfDay(order.ts - 5_001))).toEqual([])
  })

  it('goes where the text says', () => {
    const [topic, outbox, repartition] = [order.userId, order.orderId, user.region].map((key) =>
      placeOf(key, PARTITIONS),
    )
    const phrases = [
      `partition ${topic} of \`orders\``,
      `**Into task \`s1/${topic}\`.**`,
      `partition ${outbox} by its id`,
      `Task \`sink-orders-index/${outbox}\` reads the outbox`,
      `partition ${repartition} of the repartition topic`,
      `Task \`s2/${repartition}\` reads`,
      `\`${order.userId.length}:${order.userId}${order.orderId.length}:${order.orderId}\``,
      `\`orders-${new Date(order.ts).toISOString().slice(0, 10)}\``,
    ]
    expect(unsaid(...phrases)).toEqual([])
  })

  it('is enriched with what the text says', () => {
    const categories = order.items.map(({ sku }) => demoProduct(DEMO_TIMING.seed, numberIn(sku)).category)
    const phrases = [
      `the region \`${user.region}\` and the tier \`${user.tier}\``,
      categories.map((category) => `\`${category}\``).join(', '),
    ]
    expect(unsaid(...phrases)).toEqual([])
  })
})

describe('the plan in ARCHITECTURE.md', () => {
  const program = prepareProgram(ordersByRegion, catalogue, runtimes)
  const plan = planStages(program, { source: () => PARTITIONS, repartition: PARTITIONS })

  it('has the stages and the deliveries of the demo', () => {
    const listed = [...text.matchAll(/^\| `([\w-]+)` \|.*\| (\d+) \|$/gm)].map(([, id, tasks]) => [
      id,
      Number(tasks),
    ])
    expect(listed).toEqual([
      ...plan.stages.map(({ id, tasks }) => [id, tasks]),
      ...plan.deliveries.map(({ nodeId, tasks }) => [`sink-${nodeId}`, tasks]),
    ])
  })

  it('has its topics', () => {
    const run = { deployment: '<d>', run: 1 }
    const topics = [...internalTopics(plan, run, PARTITIONS), deadLetterTopic('<d>', PARTITIONS)]
    const listed = [...text.matchAll(/^\| `(millrace\.[^`]+)` \|/gm)].map(([, name]) => name)
    expect(listed.toSorted()).toEqual(topics.map(({ name }) => name).toSorted())
  })
})
