import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline, dialogOf } from './pipelines.ts'

test('learns the fields of a topic from a sample, in one step that can be undone', async ({ page }) => {
  const editor = new EditorPage(page)
  await createPipeline(page, 'Sampled orders')
  await editor.dragFromPalette('kafka', { x: 0.3, y: 0.4 })
  const source = editor.panel('Kafka')
  await expect(source.getByRole('button', { name: 'From a sample' })).toBeDisabled()
  await source.getByLabel('Connection').click()
  await page.getByRole('option', { name: 'Kafka' }).click()
  await source.getByLabel('Topic', { exact: true }).fill('orders')
  await source.getByRole('button', { name: 'From a sample' }).click()

  const dialog = dialogOf(page, 'Fields of orders')
  const fields = dialog.getByRole('list', { name: 'Proposed fields' })
  const line = (name: string) =>
    fields.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) })
  await expect(line('orderId')).toContainText('string not null')
  await expect(line('orderId')).toContainText('100%')
  await expect(line('ts')).toContainText('timestamp')
  await expect(line('total')).toContainText('double')
  await expect(dialog.getByRole('status')).toHaveText(/^\d+ fields from 500 records\./)
  await dialog.getByLabel('Exact decimals').check()
  await expect(line('total')).toContainText('decimal(18, 2)')
  await dialog.getByLabel('Take items', { exact: true }).uncheck()
  const kept = (await fields.getByRole('listitem').count()) - 1
  await dialog.getByRole('button', { name: `Take ${kept} fields` }).click()
  await expect(dialog).toHaveCount(0)

  await expect(source.getByLabel('Type of total')).toHaveValue('decimal(18, 2)')
  await expect(source.getByLabel('Type of items')).toHaveCount(0)
  await editor.bar.getByRole('button', { name: 'Undo: Take fields from a sample' }).click()
  await expect(source.getByLabel('Type of total')).toHaveCount(0)
  await expect(source.getByLabel('Topic', { exact: true })).toHaveValue('orders')
})
