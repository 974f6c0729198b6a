import type { Locator } from '@playwright/test'
import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline } from './pipelines.ts'

/** The nodes of the demo up to the window, in the order of the flow. */
const MAIN = ['orders, Kafka', 'Drop health checks', 'First per order', 'Add region, tier', 'Add categories']
const REGIONS = ['US-WEST', 'US-EAST', 'EU-CENTRAL', 'EU-NORTH', 'APAC']

test('shows what real events do in every node of the demo', async ({ page }) => {
  const editor = new EditorPage(page)
  await page.goto('/pipelines')
  await page.getByRole('link', { name: 'Orders by region', exact: true }).click()

  await test.step('a thousand events of the topic pass through every node', async () => {
    await expect(editor.dock.getByText(/^1,000 events of orders, partition 0/)).toBeVisible()
    await expect(editor.dock.getByText(/^Recomputed in \d+ ms$/)).toBeVisible()
    const counts = await Promise.all(MAIN.map((label) => countsOf(editor.node(label))))
    expect(counts[0]?.out).toBe(1_000)
    // What leaves a node is what reaches the next one.
    expect(counts.slice(1).map((node) => node.in)).toEqual(counts.slice(0, -1).map((node) => node.out))
    const [, filter, dedupe, region, categories] = counts
    for (const node of [filter, dedupe]) expect(node?.out).toBe((node?.in ?? 0) - (node?.dropped ?? 0))
    expect(filter?.dropped).toBeGreaterThan(0)
    expect(dedupe?.dropped).toBeGreaterThan(0)
    expect([region?.dropped, categories?.dropped]).toEqual([0, 0])
    const last = categories?.out
    expect((await countsOf(editor.node('5 min by region'))).in).toBe(last)
    await expect(editor.node('orders-per-region')).toContainText('not written')
  })

  await test.step('the filter shows what it drops, and why', async () => {
    await editor.select('Drop health checks')
    const { dropped } = await countsOf(editor.node('Drop health checks'))
    const side = editor.dock.getByRole('region', { name: 'Dropped, late and errors' })
    await expect(side.getByRole('heading', { name: 'Dropped' })).toHaveText(`Dropped ${dropped}`)
    await side.getByRole('button', { name: 'Show' }).click()
    await expect(side.getByRole('listitem')).toHaveCount(Math.min(dropped, 20))
    for (const row of await side.getByRole('listitem').allTextContents())
      expect(row).toContain('healthcheck-')
  })

  await test.step('enriched rows have a region, and categories for their items', async () => {
    await editor.select('Add categories')
    const rows = await rowsOf(editor.output)
    expect(rows.length).toBeGreaterThan(5)
    const regions = new Set(rows.map((row) => row.region))
    expect(REGIONS.filter((region) => regions.has(region)).length).toBeGreaterThan(2)
    for (const { categories } of rows) expect(categories).toMatch(/^\[.+/)
  })

  await test.step('the window counts every order once', async () => {
    await editor.select('5 min by region')
    const { in: arrived, out } = await countsOf(editor.node('5 min by region'))
    const rows = await rowsOf(editor.output)
    // A row says how often it was told: early results are updates of one row.
    const told = rows.map((row) => Number(row['event time']?.split('×')[1] ?? 1))
    expect(told.reduce((sum, times) => sum + times, 0)).toBe(out)
    const orders = rows.map((row) => numberIn(row.orders))
    expect(orders.reduce((sum, count) => sum + count, 0)).toBe(arrived)
    for (const { orders: count, revenue, average } of rows)
      expect(numberIn(revenue) / numberIn(count)).toBeCloseTo(numberIn(average), 1)
    await expect(editor.output.getByLabel('still open').first()).toBeVisible()
  })
})

test('computes anew on every edit', async ({ page }) => {
  const editor = new EditorPage(page)
  await createPipeline(page, 'Orders, edited', 'Orders by region')
  const filter = editor.node('Drop health checks')
  const dropped = async () => (await countsOf(filter)).dropped
  await expect.poll(dropped).toBeGreaterThan(0)
  const before = await dropped()
  await editor.select('Drop health checks')
  const panel = editor.panel('Drop health checks')
  const expression = await editor.conditionText(panel)

  await test.step('a condition more drops more', async () => {
    await expression.fill("userId like 'healthcheck%' or total < 50")
    await expect.poll(dropped).toBeGreaterThan(before)
  })

  await test.step('Keep in place of Drop drops the others', async () => {
    const kept = 1_000 - (await dropped())
    await panel.getByText('Keep', { exact: true }).click()
    await expect.poll(dropped).toBe(kept)
  })

  await test.step('what is behind a mistake is not run', async () => {
    await expression.fill('totl > 1')
    await expect(panel.getByText(/totl/).last()).toBeVisible()
    await expect(editor.node('First per order')).toContainText('no sample')
    await expect(editor.node('orders, Kafka')).toContainText('1,000')
  })
})

interface Counts {
  readonly in: number
  readonly out: number
  readonly dropped: number
}

/** The counts on a card: a source has nothing in, a sink nothing out. */
async function countsOf(node: Locator): Promise<Counts> {
  const count = async (name: string) => {
    const [text] = await node.locator(`[data-count="${name}"]`).allInnerTexts()
    return text === undefined ? 0 : numberIn(text)
  }
  return { in: await count('in'), out: await count('out'), dropped: await count('dropped') }
}

/** The rows of a table by the names of its columns. */
async function rowsOf(table: Locator): Promise<{ readonly [column: string]: string }[]> {
  const names = await table.getByRole('columnheader').allInnerTexts()
  const rows = await table.locator('tr[aria-rowindex]').all()
  return Promise.all(
    rows.map(async (row) => {
      const cells = await row.getByRole('cell').allInnerTexts()
      return Object.fromEntries(cells.map((cell, i) => [names[i] ?? '', cell.trim()]))
    }),
  )
}

/** `1,240.5` is 1240.5. */
function numberIn(text: string | undefined): number {
  return Number.parseFloat((text ?? '').replaceAll(/[^\d.]/g, ''))
}
