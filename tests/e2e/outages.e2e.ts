import { demoOrder } from '@millrace/testkit'
import type { Page } from '@playwright/test'
import { DEMO_TIMING, orderDueAt } from '../../scripts/demo/demo-orders.ts'
import { expect, test } from './fixtures.ts'
import { serverOf, type World } from './world.ts'

/** A server that was away is back, and its clients have noticed, within this time, ms. */
const RECOVERY = { timeout: 60_000 }

test.beforeEach(async ({ page, demo }) => {
  test.slow()
  await page.goto(`/pipelines/${demo}/monitor`)
  await expect(page.getByText(/^Live \d\d:\d\d:\d\d$/)).toBeVisible()
  await expect(notices(page)).toHaveCount(0)
  await countersMove(page)
})

test('Elasticsearch is down: orders wait, and none is lost', async ({ page, world }) => {
  const first = orderDueAt(Date.now())
  await without(world, 'elasticsearch', async () => {
    await expect(notices(page)).toHaveText(
      /^orders: “orders” does not take documents now: .+ They wait in the outbox\..* It goes on by itself once this is over\./,
      RECOVERY,
    )
    await expect(page.getByRole('group', { name: 'orders, Elasticsearch' })).toContainText(
      'wait to be written',
    )
  })
  const last = orderDueAt(Date.now())
  await expect(notices(page)).toHaveCount(0, RECOVERY)
  await allAreSearchable(world, first, last)
})

test('Redis is down: tasks go on with what they have, and none is lost', async ({ page, world }) => {
  const first = orderDueAt(Date.now())
  await without(world, 'redis', async () => {
    await expect(notices(page)).toHaveText(
      /^Redis does not answer, so nothing is known of the tasks\..* It goes on by itself once this is over\./,
    )
  })
  await expect(notices(page)).toHaveCount(0, RECOVERY)
  await countersMove(page)
  await allAreSearchable(world, first, orderDueAt(Date.now()))
})

test('Postgres is down: what runs goes on and is shown', async ({ page, world }) => {
  const first = orderDueAt(Date.now())
  await without(world, 'postgres', async () => {
    await expect(notices(page)).toHaveText(/^Postgres does not answer: .+ What runs goes on\./)
    await countersMove(page)
    await allAreSearchable(world, first, orderDueAt(Date.now()))
  })
  await expect(notices(page)).toHaveCount(0, RECOVERY)
  await countersMove(page)
})

/** What is wrong, in words, above the canvas. */
function notices(page: Page) {
  return page.getByRole('region', { name: 'State' }).getByRole('status')
}

/** Stops a server, does something, and starts it again. */
async function without(
  world: World,
  name: 'elasticsearch' | 'redis' | 'postgres',
  action: () => Promise<void>,
): Promise<void> {
  const server = serverOf(world, name)
  await server.stop()
  try {
    await action()
  } finally {
    await server.start()
  }
}

/** Waits until the orders with these numbers, apart from health checks, are found in Elasticsearch, each once. */
async function allAreSearchable(world: World, first: number, last: number): Promise<void> {
  const orders = Array.from({ length: last - first }, (_, i) => demoOrder(DEMO_TIMING, first + i))
  const ids = new Set(
    orders.filter(({ userId }) => !userId.startsWith('healthcheck')).map(({ orderId }) => orderId),
  )
  expect(ids.size).toBeGreaterThan(0)
  await expect.poll(() => countOf(world, [...ids]), RECOVERY).toBe(ids.size)
}

async function countOf({ addresses }: World, ids: readonly string[]): Promise<number> {
  const response = await fetch(`${addresses.elasticsearch}/orders/_count`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: { terms: { orderId: ids } } }),
  })
  return ((await response.json()) as { count?: number }).count ?? 0
}

async function countersMove(page: Page): Promise<void> {
  const rate = page.getByRole('group', { name: 'First per order, Dedupe' })
  const before = await rate.innerText()
  await expect.poll(() => rate.innerText()).not.toBe(before)
}
