import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline } from './pipelines.ts'

test('copies nodes into another pipeline, deletes and rejoins, and searches, on the keyboard', async ({
  page,
}) => {
  const editor = new EditorPage(page)
  await createPipeline(page, 'Orders, to copy', 'Orders by region')
  const nodes = editor.canvas.locator('.react-flow__node')
  await expect(nodes).toHaveCount(8)
  const edges = await editor.edges.count()

  await test.step('a node is deleted, and what was around it joined', async () => {
    await editor.node('First per order').click()
    await page.keyboard.press('ControlOrMeta+Delete')
    await expect(nodes).toHaveCount(7)
    await expect(editor.edges).toHaveCount(edges - 1)
    await expect(editor.edge('Drop health checks', 'Add region')).toHaveCount(1)
    await page.keyboard.press('ControlOrMeta+z')
    await expect(nodes).toHaveCount(8)
    await expect(editor.edges).toHaveCount(edges)
  })

  await test.step('the search finds a node and a field', async () => {
    await page.keyboard.press('ControlOrMeta+k')
    const search = page.getByRole('combobox', { name: 'Search nodes, fields, actions and pipelines' })
    await search.fill('first per')
    await search.press('Enter')
    await expect(editor.panel('First per order')).toBeVisible()
    await page.keyboard.press('ControlOrMeta+k')
    await search.fill('field total')
    await search.press('Enter')
    await expect(page.getByRole('tab', { name: 'Fields' })).toHaveAttribute('aria-selected', 'true')
  })

  await test.step('two nodes are copied', async () => {
    await editor.node('Drop health checks').click()
    await editor.node('First per order').click({ modifiers: ['ControlOrMeta'] })
    await page.keyboard.press('ControlOrMeta+c')
  })

  await test.step('and pasted twice into an empty pipeline, each as one step', async () => {
    await createPipeline(page, 'Orders, pasted')
    await editor.canvas.locator('.react-flow__pane').click({ position: { x: 400, y: 60 } })
    await page.keyboard.press('ControlOrMeta+v')
    await expect(nodes).toHaveCount(2)
    await expect(editor.edges).toHaveCount(1)
    await page.keyboard.press('ControlOrMeta+v')
    await expect(nodes).toHaveCount(4)
    await page.keyboard.press('ControlOrMeta+z')
    await expect(nodes).toHaveCount(2)
  })

  await test.step('the sheet tells every key', async () => {
    await page.keyboard.press('Shift+?')
    const sheet = page.getByRole('dialog', { name: 'Keys' })
    await expect(sheet.getByRole('row', { name: /Ctrl Del/ })).toContainText('join what was around them')
    await page.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
  })
})
