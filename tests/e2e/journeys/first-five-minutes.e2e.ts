import { EditorPage } from '../editor-page.ts'
import { expect, test } from '../fixtures.ts'
import { dialogOf } from '../pipelines.ts'
import { picture } from './picture.ts'

/** Journey J1: from the list of pipelines to counts that move, without a terminal and without reading docs. */
test('J1: takes a template, sees events flow, changes a filter, publishes and watches it run', async ({
  page,
}) => {
  test.slow()
  const editor = new EditorPage(page)
  await page.goto('/templates')

  await test.step('picks an example, which opens wired and with real sample values', async () => {
    await expect(page.getByRole('list', { name: 'Templates' }).getByRole('listitem')).toHaveCount(8)
    await picture(page, 'j1-1-templates')
    await page.getByText('Count', { exact: true }).click()
    await page.getByRole('button', { name: 'Use Visit sessions' }).click()
    await editor.canvas.waitFor()
    await expect(editor.bar.getByText('No problems')).toBeVisible()
    await editor.select('Until 30 min of silence')
    await expect(editor.output.getByRole('row').nth(1)).toBeVisible()
    await picture(page, 'j1-2-preview')
  })

  await test.step('changes the filter, and the preview answers', async () => {
    await editor.select('More than one click')
    const filter = editor.panel('More than one click')
    const outBefore = await outOf(editor, 'More than one click')
    await filter.getByLabel('Value of condition 1').fill('2')
    await expect.poll(() => outOf(editor, 'More than one click')).toBeLessThan(outBefore)
    await picture(page, 'j1-3-filter')
  })

  await test.step('publishes, with the plan before', async () => {
    await page.getByRole('button', { name: 'Publish…' }).click()
    const dialog = dialogOf(page, 'Publish')
    await expect(dialog.getByText('topic visits (1 partition)')).toBeVisible()
    await picture(page, 'j1-4-plan')
    await dialog.getByRole('button', { name: 'Publish v1' }).click()
    await expect(dialog.getByText('Version 1 is live.')).toBeVisible({ timeout: 120_000 })
    await dialog.getByRole('link', { name: 'Open Monitor' }).click()
  })

  await test.step('sees counts that move', async () => {
    await page.getByRole('group', { name: /^Until 30 min of silence, / }).click()
    const figures = page.getByRole('region', { name: 'Figures of Until 30 min of silence' })
    const total = async () =>
      Number(
        /[\d,]+/.exec((await figures.getByTestId('total-in').textContent()) ?? '')?.[0].replaceAll(',', ''),
      )
    await expect.poll(total, { timeout: 60_000 }).toBeGreaterThan(0)
    const before = await total()
    await expect.poll(total, { timeout: 60_000 }).toBeGreaterThan(before)
    await picture(page, 'j1-5-monitor')
  })
})

async function outOf(editor: EditorPage, label: string): Promise<number> {
  const text = await editor.node(label).locator('[data-count="out"]').textContent()
  return Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? Number.NaN)
}
