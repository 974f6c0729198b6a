import { EditorPage } from '../editor-page.ts'
import { expect, test } from '../fixtures.ts'
import { createPipeline, dialogOf } from '../pipelines.ts'
import { picture } from './picture.ts'

/** Journey J5: events are recorded into a test, which then keeps a broken filter from being published. */
test('J5: records a test, asserts, breaks the filter, is refused with the difference, mends it and saves the file', async ({
  page,
}) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'Tested orders', 'Orders by region')
  await editor.dock.getByRole('tab', { name: /^Tests/ }).click()
  await expect(editor.dock.getByText('No tests yet')).toBeVisible()

  await test.step('records 500 masked events, with the tables that are looked up', async () => {
    await editor.dock.getByRole('button', { name: 'Record events…' }).click()
    const dialog = dialogOf(page, 'Record events')
    await dialog.getByLabel('Which events').click()
    await page.getByRole('option', { name: 'Events from an offset on' }).click()
    await dialog.getByRole('combobox', { name: 'Mask' }).click()
    await page.getByRole('option', { name: 'orderId', exact: true }).click()
    await dialog.getByLabel('Only this key').click()
    await picture(page, 'j5-1-record')
    await dialog.getByRole('button', { name: 'Record', exact: true }).click()
    await expect(dialog).toHaveCount(0)
    await expect(editor.dock.getByLabel('Value of event 1', { exact: true })).toBeVisible()
  })

  await test.step('asserts what comes out of the window and what reaches the sink', async () => {
    await editor.dock.getByRole('button', { name: 'Add an expectation' }).click()
    await editor.choose(editor.dock.getByLabel('Node of expectation 1'), '5 min by region')
    await editor.choose(editor.dock.getByLabel('Side of expectation 1'), 'What comes out')
    await editor.choose(editor.dock.getByLabel('Check of expectation 1'), 'is exactly, in any order')
    await editor.dock.getByRole('button', { name: 'Take what comes now' }).click()
    await expect(editor.dock.getByLabel('Rows of expectation 1')).toHaveValue(/"revenue":/)
    await editor.dock.getByLabel('Publish only with green tests').check()
    await expect(editor.dock.getByText('All 1 pass')).toBeVisible({ timeout: 30_000 })
    await picture(page, 'j5-2-green')
  })

  await test.step('breaks the filter: the node and the dock show expected against actual', async () => {
    await editor.select('Drop health checks')
    const condition = await editor.conditionText(editor.panel('Drop health checks'))
    await condition.fill("userId like '%'")
    await expect(editor.dock.getByText('1 of 1 fail')).toBeVisible({ timeout: 30_000 })
    await expect(
      editor.node('5 min by region').getByRole('img', { name: /^The test “Recorded 1” fails here/ }),
    ).toBeVisible()
    await picture(page, 'j5-3-red')
  })

  await test.step('is refused at Publish, with the name of the test', async () => {
    await editor.allIsSaved()
    await page.getByRole('button', { name: 'Publish…' }).click()
    const dialog = dialogOf(page, 'Publish')
    await expect(dialog.getByText(/^The test "Recorded 1" fails: "5 min by region"/)).toBeVisible({
      timeout: 60_000,
    })
    await expect(dialog.getByRole('button', { name: 'Publish v1' })).toBeDisabled()
    await picture(page, 'j5-4-refused')
    await page.keyboard.press('Escape')
  })

  await test.step('mends it: green again, and the file goes to the command line', async () => {
    await editor.bar.getByRole('button', { name: /^Undo/ }).click()
    await editor.dock.getByRole('tab', { name: /^Tests/ }).click()
    await expect(editor.dock.getByText('All 1 pass')).toBeVisible({ timeout: 30_000 })
    const saved = page.waitForEvent('download')
    await editor.dock.getByRole('button', { name: 'Save as a file' }).click()
    const file = await (await saved).path()
    const lines: string[] = []
    const { testCommand } = await import('../../../api/src/cli/test-command.ts')
    expect(await testCommand([file], 'plain', (line) => lines.push(line))).toBe('passed')
    expect(lines.at(-1)).toBe('1 passed, 0 failed')
  })
})
