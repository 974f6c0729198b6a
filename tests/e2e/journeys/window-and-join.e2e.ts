import { randomBytes } from 'node:crypto'
import { createKafkaPort } from '@millrace/nodes/connectors'
import type { Locator, Page } from '@playwright/test'
import { EditorPage } from '../editor-page.ts'
import { expect, test } from '../fixtures.ts'
import { createPipeline, dialogOf } from '../pipelines.ts'
import { picture } from './picture.ts'

type KafkaPort = ReturnType<typeof createKafkaPort>

const MINUTE = 60_000
const PAGES = ['/home', '/cart', '/pay', '/help', '/search', '/about', '/terms', '/jobs']

/** Journey J4: windows with late events, a left join, and the partition that holds both of them up. */
test('J4: sees which events a window counts and which are late, joins, and is told which partition is silent', async ({
  page,
  world,
}) => {
  test.setTimeout(400_000)
  const run = randomBytes(4).toString('hex')
  const kafka = createKafkaPort({ brokers: world.addresses.kafka }, {})
  const visits = await createVisits(kafka, `visits-${run}`)
  await createClicks(kafka, `clicks-${run}`)
  const editor = new EditorPage(page)
  await createPipeline(page, 'Visits and clicks')

  await test.step('counts per page and five minutes', async () => {
    await addTopic(page, editor, { label: 'visits', topic: `visits-${run}`, at: { x: 0.1, y: 0.25 } })
    // As many as were out of order in the sample: with less to wait for, some of them are late.
    await editor.panel('visits').getByLabel('Out of order by up to', { exact: true }).fill('5')
    await editor.panel('visits').getByLabel('Out of order by up to: unit').selectOption('seconds')
    await editor.panel('visits').getByRole('button', { name: 'More settings' }).click()
    await editor.panel('visits').getByLabel('Idle after: off').check()
    await addBehind(page, editor, 'visits', 'window')
    const panel = editor.panel('Window')
    await panel.getByLabel('Group by').fill('page')
    await panel.getByLabel('Group by').press('Enter')
    await expectOneLine([panel.getByLabel('Function'), panel.getByRole('textbox', { name: /^Of/ })])
    await expect(editor.output.getByRole('columnheader', { name: /^window_start/ })).toBeVisible()
  })

  await test.step('sees which events fall into which window, and which were late', async () => {
    await editor.dock.getByRole('tab', { name: 'Timeline' }).click()
    await expectOneLine(await editor.dock.getByRole('tab').all())
    const drawing = editor.dock.getByRole('group', { name: /^Timeline of \d+ windows?/ })
    await expect(drawing.locator('circle').first()).toBeVisible()
    const words = editor.dock.getByRole('status').filter({ hasText: /The window/ })
    await expect(words).toContainText('3 events came too late')
    await drawing.focus()
    await page.keyboard.press('ArrowRight')
    await expect(words).toContainText(
      /The window \d\d:\d\d:\d\d to \d\d:\d\d:\d\d is final with \d+ events?\./,
    )
    await picture(page, 'j4-1-timeline')
    await editor.dock.getByText('Table', { exact: true }).click()
    await expect(editor.dock.getByRole('table', { name: 'Windows' }).getByRole('row').nth(2)).toBeVisible()
    await picture(page, 'j4-2-timeline-table')
  })

  await test.step('joins a second topic to every visit', async () => {
    await editor.dock.getByRole('tab', { name: 'Preview' }).click()
    await addTopic(page, editor, { label: 'clicks', topic: `clicks-${run}`, at: { x: 0.1, y: 0.8 } })
    await page.keyboard.press('Escape')
    await editor.dragFromPalette('join', { x: 0.5, y: 0.8 })
    await setUpJoin(editor, page)
    await expect(editor.output.getByRole('columnheader', { name: /^target/ })).toBeVisible()
    await expect(editor.output.getByText('buy').first()).toBeVisible()
    await expect(editor.output.getByText('null').or(editor.output.getByText('∅')).first()).toBeVisible()
    await picture(page, 'j4-3-join')
  })

  await test.step('writes both to topics, and publishes', async () => {
    for (const [from, topic] of [
      ['Window', `counts-${run}`],
      ['Join', `joined-${run}`],
    ] as const) {
      await addBehind(page, editor, from, 'kafka')
      await rename(page, topic)
      await editor.panel(topic).getByLabel('Topic', { exact: true }).fill(topic)
    }
    // Off the text, and off the node: Monitor would show its figures.
    await editor.canvas.click({ position: { x: 700, y: 80 } })
    await page.keyboard.press('l')
    await expect(editor.bar.getByText(/problem/)).toHaveText('No problems')
    await picture(page, 'j4-4-drawn')
    await page.getByRole('button', { name: 'Publish…' }).click()
    const dialog = dialogOf(page, 'Publish')
    await dialog.getByRole('button', { name: 'Publish v1' }).click()
    await expect(dialog.getByText('Version 1 is live.')).toBeVisible({ timeout: 120_000 })
    await dialog.getByRole('link', { name: 'Open Monitor' }).click()
    await expect(page.getByText(/^Live \d\d:\d\d:\d\d$/)).toBeVisible({ timeout: 60_000 })
  })

  await test.step('is told on the page which partition is silent, and by the window since when', async () => {
    await kafka.produce(`visits-${run}`, [visit(visits.silent, Date.now() - MINUTE, 'last')])
    let events = 0
    const goOn = async () => {
      await kafka.produce(`visits-${run}`, [visit(visits.busy, Date.now(), `more-${events++}`)])
      await kafka.produce(`clicks-${run}`, [click(visits.busy, Date.now())])
    }
    const overview = page.getByRole('region', { name: 'Figures of the pipeline' })
    await expect(async () => {
      await goOn()
      await expect(overview.getByText(/^Window, Join are silent/)).toBeVisible({ timeout: 1_000 })
    }).toPass({ timeout: 60_000 })
    const silence = new RegExp(`Partition ${visits.silentPartition} of visits has had no event`)
    await expect(overview).toContainText(silence)
    await picture(page, 'j4-5-silent')
    await overview.getByRole('button', { name: 'Show' }).click()
    const figures = page.getByRole('region', { name: 'Figures of Window' })
    await expect(figures.getByText('Why is this node silent?')).toBeVisible()
    await expect(figures).toContainText(silence)
    await expect(figures).toContainText('“Idle after” of visits is never, so it waits for ever')
    await picture(page, 'j4-6-why')
  })
  await kafka.close()
})

interface Keyed {
  readonly key: string
  readonly value: string
}

function visit(where: string, at: number, id: string): Keyed {
  return { key: where, value: JSON.stringify({ id, page: where, at }) }
}

function click(where: string, at: number): Keyed {
  return { key: where, value: JSON.stringify({ page: where, target: 'buy', at }) }
}

/**
 * Fills a topic of two partitions: one with an event each ten seconds of twenty minutes and three that are late, the
 * other with the first of them alone.
 */
async function createVisits(kafka: KafkaPort, topic: string) {
  const start = Math.floor(Date.now() / (5 * MINUTE)) * 5 * MINUTE - 20 * MINUTE
  await kafka.createTopic({ name: topic, partitions: 2, replicationFactor: 1, config: {} })
  await kafka.produce(
    topic,
    PAGES.map((where, i) => visit(where, start, `first-${i}`)),
  )
  const options = { from: 'earliest', limit: PAGES.length, maxBytes: 100_000, timeoutMs: 20_000 } as const
  const records = await kafka.sample(topic, options)
  const pagesOf = (partition: number) =>
    records.flatMap((record) =>
      record.partition === partition ? [Buffer.from(record.key ?? []).toString()] : [],
    )
  const busy = pagesOf(0)
  const [first] = busy
  const [silent] = pagesOf(1)
  if (first === undefined || silent === undefined) throw new Error('all pages are in one partition')
  const inTime = Array.from({ length: 120 }, (_, i) =>
    visit(busy[i % busy.length] as string, start + i * 10_000, `visit-${i}`),
  )
  const late = Array.from({ length: 3 }, (_, i) => visit(first, start + (i + 1) * 20_000, `late-${i}`))
  await kafka.produce(topic, [...inTime, ...late])
  return { busy: first, silent, silentPartition: 1 }
}

/** A click for every second page: the others have none. */
async function createClicks(kafka: KafkaPort, topic: string): Promise<void> {
  const start = Math.floor(Date.now() / (5 * MINUTE)) * 5 * MINUTE - 20 * MINUTE
  await kafka.createTopic({ name: topic, partitions: 1, replicationFactor: 1, config: {} })
  const clicks = Array.from({ length: 60 }, (_, i) => {
    const where = PAGES[(i * 2) % PAGES.length] as string
    return click(where, start + i * 20_000)
  })
  await kafka.produce(topic, clicks)
}

interface AddedTopic {
  readonly label: string
  readonly topic: string
  readonly at: { readonly x: number; readonly y: number }
}

/** A source out of the palette, with a topic and its fields from the browser of topics. */
async function addTopic(page: Page, editor: EditorPage, { label, topic, at }: AddedTopic): Promise<void> {
  await editor.dragFromPalette('kafka', at)
  await rename(page, label)
  await editor.panel(label).getByRole('button', { name: 'Browse topics' }).click()
  const dialog = dialogOf(page, 'Topics')
  await dialog.getByLabel('Search topics').fill(topic)
  await dialog.getByRole('button', { name: new RegExp(`^${topic}`) }).click()
  await dialog.getByRole('tab', { name: 'Fields' }).click()
  await expect(dialog.getByRole('radio', { name: 'at' })).toBeChecked()
  await dialog.getByRole('button', { name: /^Take \d+ fields$/ }).click()
  await expect(editor.panel(label).getByLabel('Event time')).toHaveValue('at')
}

async function addBehind(page: Page, editor: EditorPage, label: string, type: string): Promise<void> {
  await editor.select(label)
  await page.keyboard.press('n')
  const search = dialogOf(page, 'Add a node').getByRole('combobox')
  await search.fill(type === 'kafka' ? 'writes events to a topic' : type)
  await search.press('Enter')
}

/** The selected node. */
async function rename(page: Page, label: string): Promise<void> {
  await page.keyboard.press('F2')
  await page.getByLabel('Name of the node').fill(label)
  await page.keyboard.press('Enter')
}

/** Every visit with the clicks on its page within a minute. */
async function setUpJoin(editor: EditorPage, page: Page): Promise<void> {
  await editor.connect(editor.port('visits', 'out:out'), editor.port('Join', 'in:left'))
  await editor.connect(editor.port('clicks', 'out:out'), editor.port('Join', 'in:right'))
  await editor.select('Join')
  const panel = editor.panel('Join')
  await panel.getByLabel('Keep').click()
  await page.getByRole('option', { name: 'All left events (left)' }).click()
  await panel.getByRole('button', { name: 'Add to equal fields' }).click()
  const pair = panel.getByRole('group', { name: 'Pair 1', exact: true })
  await pair.getByLabel('Left field').fill('page')
  await pair.getByLabel('Right field').fill('page')
  await panel.getByLabel('Right event to', { exact: true }).fill('1')
  await panel.getByLabel('Right event to: unit').selectOption('minutes')
}

/** Inputs that stand side by side begin at the same height. */
async function expectOneLine(inputs: readonly Locator[]): Promise<void> {
  const tops = await Promise.all(inputs.map(async (input) => Math.round((await input.boundingBox())?.y ?? 0)))
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(8)
}
