import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline } from './pipelines.ts'

test('writes a condition with suggestions, and mends what is wrong where it stands', async ({ page }) => {
  const editor = new EditorPage(page)
  await createPipeline(page, 'Orders, by text', 'Orders by region')
  const filter = editor.node('Drop health checks')
  const dropped = filter.locator('[data-count="dropped"]')
  await expect(dropped).not.toHaveText('0')
  const before = await dropped.innerText()
  await editor.select('Drop health checks')
  const panel = editor.panel('Drop health checks')
  const expression = await editor.conditionText(panel)
  // What was read of the node is there, so that values of it can be offered.
  await expect(editor.dock.getByRole('table').first()).toBeVisible()

  await test.step('offers fields with their type and values of the sample', async () => {
    await expression.press('ControlOrMeta+a')
    await expression.pressSequentially('to')
    const total = page.getByRole('option', { name: /^total\s*(double|decimal)/ })
    await expect(total).toHaveAttribute('aria-selected', 'true')
    await expect(total).toContainText(/ · \d/)
    await expression.press('Enter')
    await expect(expression).toHaveText('total')
  })

  await test.step('offers functions with signature and a sentence, and writes their parentheses', async () => {
    await expression.pressSequentially(" < 50 or usrId like 'healthcheck%' or star")
    await expect(page.getByRole('option', { name: /^starts_with/ })).toContainText(
      '(string, string) → boolean',
    )
    await expect(page.getByText('For example starts_with')).toBeVisible()
    await expression.press('Enter')
    await expression.pressSequentially("userId, 'healthcheck")
    await expect(expression).toHaveText(
      "total < 50 or usrId like 'healthcheck%' or starts_with(userId, 'healthcheck')",
    )
  })

  const wrong = expression.locator('.cm-lintRange-error')
  const failing = page.getByRole('img', { name: 'Overview of the pipeline' }).locator('[class*="failing"]')
  await test.step('marks the mistake and mends it with one click', async () => {
    await expect(wrong).toHaveText('usrId')
    await expect(failing).toHaveCount(1)
    await expect(editor.node('First per order')).toContainText('no sample')
    await wrong.hover()
    await page.getByRole('button', { name: 'Change to userId' }).last().click()
    await expect(expression).toContainText('or userId like')
    await expect(wrong).toHaveCount(0)
    await expect(failing).toHaveCount(0)
    await expect(dropped).not.toHaveText(before)
    await expect(editor.node('First per order')).not.toContainText('no sample')
  })

  await test.step('explains a function under the pointer', async () => {
    await expression.getByText('starts_with').hover()
    await expect(page.getByText('starts_with(string, string) → boolean')).toBeVisible()
  })

  await test.step('the mend is one step of undo, and Tab leaves the field', async () => {
    await expression.focus()
    await page.keyboard.press('Tab')
    await expect(expression).not.toBeFocused()
    await editor.bar.getByRole('button', { name: /^Undo/ }).click()
    await expect(wrong).toHaveText('usrId')
    await editor.bar.getByRole('button', { name: /^Redo/ }).click()
    await expect(wrong).toHaveCount(0)
    await expect(expression).toContainText('or userId like')
  })
})

test('builds the same condition of rows and groups, on the keyboard alone', async ({ page }) => {
  const editor = new EditorPage(page)
  await createPipeline(page, 'Orders, by rows', 'Orders by region')
  await editor.select('Drop health checks')
  const panel = editor.panel('Drop health checks')
  const text = await editor.conditionText(panel)
  await text.fill("total < 50 or (userId like 'healthcheck%' and total > 10)")
  const rows = await editor.conditionRows(panel)
  const group = rows.getByRole('group', { name: 'Group 2' })
  await expect(group.getByLabel('Field of condition 2.1')).toHaveValue('userId')
  await expect(group.getByLabel('Comparison of condition 2.1')).toHaveValue('starts with')

  await test.step('changes a value, how a group is joined, and its rows', async () => {
    await rows.getByLabel('Value of condition 1').focus()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('60')
    await group.getByRole('radio', { name: 'All' }).focus()
    await page.keyboard.press('ArrowRight')
    await group.getByRole('button', { name: 'Condition in group 2' }).focus()
    await page.keyboard.press('Enter')
    await expect(group.getByLabel('Field of condition 2.3')).toBeVisible()
    await group.getByRole('button', { name: 'Remove condition 2.3' }).focus()
    await page.keyboard.press('Enter')
    await expect(group.getByLabel('Field of condition 2.3')).toHaveCount(0)
  })

  await test.step('which is what the text says', async () => {
    await expect(await editor.conditionText(panel)).toHaveText(
      "total < 60 or (userId like 'healthcheck%' or total > 10)",
    )
  })

  await test.step('and is shown as text the next time too', async () => {
    await editor.allIsSaved()
    await page.reload()
    await expect(panel.getByRole('textbox', { name: 'Condition as an expression' })).toBeVisible()
  })

  await test.step('what is more than rows stays text, which is said', async () => {
    await (await editor.conditionText(panel)).fill('length(userId) > 8')
    await expect(panel.getByText('This is more than the builder can show, so it stays text.')).toBeVisible()
    await expect(panel.getByRole('radio', { name: 'Builder' })).toBeDisabled()
  })
})
