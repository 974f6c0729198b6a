import { createKafkaPort } from '@millrace/nodes/connectors'
import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline, dialogOf } from './pipelines.ts'

const SHOTS = 'test-results/pages'

test('finds a topic, sees what is in it, and takes its fields with the event time', async ({
  page,
  world,
}) => {
  const kafka = createKafkaPort({ brokers: world.addresses.kafka }, {})
  await kafka.createTopic({ name: 'garbage', partitions: 1, replicationFactor: 1, config: {} })
  await kafka.produce('garbage', [
    { key: 'a', value: 'a;b;c' },
    { key: 'b', value: '<order/>' },
    { key: null, value: '[1, 2]' },
  ])
  await kafka.close()
  const editor = new EditorPage(page)
  await createPipeline(page, 'Browsed orders')
  await editor.dragFromPalette('kafka', { x: 0.3, y: 0.4 })
  const source = editor.panel('Kafka')
  await source.getByLabel('Connection').click()
  await page.getByRole('option', { name: 'Kafka' }).click()
  await source.getByRole('button', { name: 'Browse topics' }).click()
  const dialog = dialogOf(page, 'Topics')

  await dialog.getByLabel('Search topics').fill('garb')
  await dialog.getByRole('button', { name: /^garbage/ }).click()
  await expect(dialog.getByText(/^No record of the 3 that were read is a JSON object/)).toBeVisible()
  await page.screenshot({ path: `${SHOTS}/topics-garbage.png` })

  await dialog.getByLabel('Search topics').fill('orders')
  await dialog
    .getByRole('button', { name: /^orders\b/ })
    .first()
    .click()
  const orders = dialog.getByRole('region', { name: 'Topic orders', exact: true })
  await expect(orders.getByText(/^All \d+ records that were read are JSON objects/)).toBeVisible()
  await page.screenshot({ path: `${SHOTS}/topics-records.png` })
  await orders.getByRole('tab', { name: 'Partitions' }).click()
  await expect(orders.getByRole('row')).not.toHaveCount(1)
  await orders.getByRole('tab', { name: 'Fields' }).click()
  await expect(orders.getByRole('radio', { name: 'ts' })).toBeChecked()
  await page.screenshot({ path: `${SHOTS}/topics-fields.png` })
  await orders.getByRole('button', { name: /^Take \d+ fields$/ }).click()
  await expect(dialog).toHaveCount(0)
  await expect(source.getByLabel('Topic', { exact: true })).toHaveValue('orders')
  await expect(source.getByLabel('Event time')).toHaveValue('ts')

  await source.getByLabel('userId is sensitive').check()
  await expect(editor.output.getByText('•••').first()).toBeVisible()
  await page.screenshot({ path: `${SHOTS}/preview-masked.png` })
  await editor.bar.getByRole('button', { name: /^Undo/ }).click()
  await editor.bar.getByRole('button', { name: 'Undo: Take a topic with its fields' }).click()
  await expect(source.getByLabel('Topic', { exact: true })).toHaveValue('')
})

test('shows which events fall into which window, and the way of one event', async ({ page, demo }) => {
  await page.goto(`/pipelines/${demo}`)
  const editor = new EditorPage(page)
  const window = editor.canvas.getByRole('group', { name: /, Window$/ })
  await window.click()
  await editor.dock.getByRole('tab', { name: 'Timeline' }).click()
  const drawing = editor.dock.getByRole('group', { name: /^Timeline of \d+ windows?/ })
  await expect(drawing).toBeVisible()
  await expect(drawing.locator('circle').first()).toBeAttached()
  await drawing.focus()
  await page.keyboard.press('ArrowRight')
  await expect(editor.dock.getByRole('status').filter({ hasText: /^The window/ })).toBeVisible()
  await page.screenshot({ path: `${SHOTS}/timeline.png` })
  await editor.dock.getByText('Table', { exact: true }).click()
  await expect(editor.dock.getByRole('table', { name: 'Windows' })).toBeVisible()

  await editor.dock.getByRole('tab', { name: 'Preview' }).click()
  const row = editor.output.getByRole('row').nth(1)
  await row.hover()
  await row.getByRole('button', { name: 'Follow through the pipeline' }).click()
  const way = editor.dock.getByRole('list', { name: 'The way of the event' })
  await expect(way.getByRole('listitem')).not.toHaveCount(1)
  await page.screenshot({ path: `${SHOTS}/path.png` })
  await editor.dock.getByRole('button', { name: 'Follow no longer' }).click()
  await expect(way).toHaveCount(0)
})
