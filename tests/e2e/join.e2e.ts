import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline } from './pipelines.ts'

const PLACES = {
  source: { x: 0.1, y: 0.2 },
  join: { x: 0.4, y: 0.35 },
  pattern: { x: 0.4, y: 0.7 },
}

test('joins a stream with itself and looks for a pattern in it, both set up by hand', async ({ page }) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'Orders of one user')
  await editor.dragFromPalette('generator', PLACES.source)

  await test.step('connects both inputs of a join', async () => {
    await editor.dragFromPalette('join', PLACES.join)
    await editor.connect(editor.port('Generator', 'out:out'), editor.port('Join', 'in:left'))
    await editor.connect(editor.port('Generator', 'out:out'), editor.port('Join', 'in:right'))
    await expect(editor.edges).toHaveCount(2)
  })

  await test.step('pairs fields of both, and compares them in a condition', async () => {
    await editor.select('Join')
    const panel = editor.panel('Join')
    await panel.getByRole('button', { name: 'Add to equal fields' }).click()
    const pair = panel.getByRole('group', { name: 'Pair 1', exact: true })
    await pair.getByLabel('Left field').fill('userId')
    await pair.getByLabel('Right field').fill('userId')
    await (await editor.conditionText(panel, 'And only if')).fill('left.orderId <> right.orderId')
    await expect(editor.node('Join')).toContainText('userId, 0 ms to 1 h')
    await page.screenshot({ path: 'test-results/pages/join-settings.png' })
  })

  await test.step('shows the events of each input, and the pairs', async () => {
    await editor.dock.getByRole('tab', { name: /Preview/ }).click()
    const input = editor.dock.getByRole('region', { name: 'Input' })
    await expect(input.getByRole('heading', { name: 'Left events' })).toBeVisible()
    await expect(input.getByRole('heading', { name: 'Right events' })).toBeVisible()
    await expect(editor.output.getByRole('columnheader', { name: /^left_orderId/ })).toBeVisible()
    await expect(editor.output.getByRole('columnheader', { name: /^right_orderId/ })).toBeVisible()
    await page.screenshot({ path: 'test-results/pages/join.png' })
  })

  await test.step('finds orders that a larger one follows', async () => {
    await editor.dragFromPalette('pattern', PLACES.pattern)
    await editor.connect(editor.port('Generator', 'out:out'), editor.port('Pattern', 'in:in'))
    await editor.select('Pattern')
    const panel = editor.panel('Pattern')
    await (await editor.conditionText(panel, 'First event')).fill('total > 0')
    await (await editor.conditionText(panel, 'Second event')).fill('total > 0')
    const both = await editor.conditionRows(panel, 'And only if')
    await both.getByRole('button', { name: 'Condition' }).click()
    const text = await editor.conditionText(panel, 'And only if')
    await expect(text).toHaveText(/^a\./)
    await text.fill('b.total > a.total')
    await expect(editor.output.getByRole('columnheader', { name: /^b_total/ })).toBeVisible()
    await page.screenshot({ path: 'test-results/pages/pattern.png' })
  })
})
