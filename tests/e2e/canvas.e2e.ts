import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline, dialogOf } from './pipelines.ts'

test('a pipeline is drawn from its ports and connections, and every step is undone', async ({ page }) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'Drawn from ports')
  const nodes = editor.canvas.locator('.react-flow__node')
  await editor.dragFromPalette('generator', { x: 0.15, y: 0.3 })

  await test.step('a connection that is let go over the canvas asks for the node at its other end', async () => {
    await editor.beginConnection(editor.port('Generator', 'out:out'), editor.canvas)
    await page.mouse.up()
    const picker = dialogOf(page, 'Add and connect')
    await expect(picker.getByRole('option', { name: /^Kafka Writes/ })).toHaveCount(1)
    await expect(picker.getByRole('option', { name: /^Generator/ })).toHaveCount(0)
    await picker.getByRole('combobox').fill('elastic')
    await page.keyboard.press('Enter')
    await expect(editor.edge('Generator', 'Elasticsearch')).toHaveCount(1)
    await expect(editor.panel('Elasticsearch')).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('a node type dropped on a connection goes into it', async () => {
    const plus = editor.canvas.getByRole('button', { name: /^Insert a node between Generator/ })
    await editor.dropFromPalette('filter', plus)
    await expect(editor.edge('Generator', 'Filter')).toHaveCount(1)
    await expect(editor.edge('Filter', 'Elasticsearch')).toHaveCount(1)
    await expect(editor.edges).toHaveCount(2)
    await page.keyboard.press('Escape')
  })

  await test.step('the "+" of a connection offers what fits there', async () => {
    await editor.canvas.getByRole('button', { name: 'Insert a node between Generator and Filter' }).focus()
    await page.keyboard.press('Enter')
    const picker = dialogOf(page, 'Insert a node')
    await picker.getByRole('combobox').fill('dedupe')
    await page.keyboard.press('Enter')
    await expect(editor.edge('Dedupe', 'Filter')).toHaveCount(1)
    await page.keyboard.press('Escape')
  })

  await test.step('over a card that cannot take it a connection says why, before it is let go', async () => {
    await editor.beginConnection(editor.port('Filter', 'out:out'), editor.node('Generator'))
    await expect(editor.refusal).toHaveText('"Generator" is a source: it has no input.')
    await page.mouse.up()
    await expect(editor.edges).toHaveCount(3)
  })

  await test.step('C lists what a node can be connected to, and why not to the others', async () => {
    await editor.node('Filter').click()
    await page.keyboard.press('c')
    const offers = dialogOf(page, 'Connect Filter').getByRole('option')
    const refused = offers.filter({
      hasText: '"Dedupe" takes one connection here and has one from "Generator".',
    })
    await expect(refused).toHaveAttribute('aria-disabled', 'true')
    await page.keyboard.press('Escape')
  })

  await test.step('L lays out as one step', async () => {
    const places = () => nodes.evaluateAll((cards) => cards.map((card) => card.getAttribute('style')))
    const before = await places()
    await page.keyboard.press('l')
    await expect(page.getByTestId('announcement')).toHaveText('Laid out: 4 nodes.')
    await expect.poll(places).not.toEqual(before)
    await expect(editor.bar.getByRole('button', { name: 'Undo: Lay out 4 nodes' })).toBeVisible()
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(places).toEqual(before)
  })

  await test.step('all of it is undone, and done again after a reload of nothing', async () => {
    for (let i = 0; i < 4; i++) await page.keyboard.press('ControlOrMeta+z')
    await expect(nodes).toHaveCount(0)
    for (let i = 0; i < 5; i++) await page.keyboard.press('ControlOrMeta+Shift+z')
    await expect(nodes).toHaveCount(4)
    await expect(editor.edges).toHaveCount(3)
  })
})

test('notes and groups are drawn, collapsed, copied, undone and kept', async ({ page }) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'With notes', 'Orders by region')
  const nodes = editor.canvas.locator('.react-flow__node-build')
  await expect(nodes).toHaveCount(8)
  const group = (name: string) => editor.canvas.getByRole('group', { name: new RegExp(`^Group ${name}, `) })

  await test.step('two nodes become a group with a name, and one card in their place', async () => {
    await editor.node('Drop health checks').click()
    await editor.node('First per order').click({ modifiers: ['ControlOrMeta'] })
    await page.keyboard.press('ControlOrMeta+g')
    await expect(group('Group 1')).toHaveCount(1)
    await page.keyboard.press('F2')
    await page.getByLabel('Name of the group').fill('Clean')
    await page.keyboard.press('Enter')
    await page.keyboard.press('g')
    await expect(nodes).toHaveCount(6)
    await expect(group('Clean')).toContainText('2 nodes')
    await expect(editor.edge('orders', 'Drop health checks')).toHaveCount(1)
  })

  await test.step('a note is Markdown, and HTML in it stays text', async () => {
    await page.keyboard.press('t')
    await page
      .getByLabel('Text of the note, in Markdown')
      .fill('# Why\n\n<img src=x onerror=alert(1)> is **text**.')
    await page.keyboard.press('Escape')
    const note = editor.canvas.getByRole('group', { name: /^Note: # Why/ })
    await expect(note.getByRole('heading', { name: 'Why' })).toBeVisible()
    await expect(note).toContainText('<img src=x onerror=alert(1)> is text.')
    await expect(note.locator('img')).toHaveCount(0)
  })

  await test.step('neither is a change to be published', async () => {
    await page.keyboard.press('Escape')
    await editor.allIsSaved()
    await page.keyboard.press('d')
    await expect(dialogOf(page, 'Changes').getByRole('region', { name: 'Not saved yet' })).toContainText(
      'The draft on the server says the same',
    )
    await page.keyboard.press('Escape')
  })

  await test.step('both are there after a reload, and leave one by one', async () => {
    await page.reload()
    await expect(group('Clean')).toContainText('2 nodes')
    await expect(nodes).toHaveCount(6)
    await group('Clean').click()
    await page.keyboard.press('g')
    await expect(nodes).toHaveCount(8)
    await page.keyboard.press('ControlOrMeta+Shift+g')
    await expect(group('Clean')).toHaveCount(0)
    await page.keyboard.press('ControlOrMeta+z')
    await page.keyboard.press('ControlOrMeta+z')
    await expect(nodes).toHaveCount(6)
  })
})

test('the outline and the arrow keys reach every node, and marks tell what differs', async ({ page }) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'On the keyboard', 'Orders by region')
  await expect(editor.canvas.locator('.react-flow__node')).toHaveCount(8)

  await test.step('an arrow key selects the neighbour, Enter goes to its settings', async () => {
    await editor.node('Drop health checks').click()
    await page.keyboard.press('ArrowRight')
    await expect(editor.panel('First per order')).toBeVisible()
    await expect(editor.node('First per order')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('tab', { name: 'Settings' })).toBeFocused()
  })

  await test.step('the outline is a tree whose selection is that of the canvas', async () => {
    await page.keyboard.press('o')
    const outline = page.getByRole('tree', { name: 'Nodes' })
    await expect(outline.getByRole('treeitem')).toHaveCount(8)
    await expect(outline.getByRole('treeitem', { selected: true })).toContainText('First per order')
    await page.keyboard.press('ArrowUp')
    await expect(editor.panel('Drop health checks')).toBeVisible()
    await page.keyboard.press('End')
    await expect(outline.getByRole('treeitem').last()).toBeFocused()
  })

  await test.step('a link leads to a node', async () => {
    const address = new URL(page.url())
    expect(address.searchParams.get('node')).not.toBeNull()
    await editor.allIsSaved()
    await page.goto(address.href)
    await expect(page.getByRole('complementary', { name: /^Node / })).toBeVisible()
  })

  await test.step('a mark tells field by field what is not saved', async () => {
    await editor.node('Drop health checks').click()
    await page.keyboard.press('F2')
    await page.getByLabel('Name of the node').fill('Without probes')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await editor.canvas
      .getByRole('button', { name: /never|saved|live/ })
      .first()
      .click()
    await expect(dialogOf(page, 'Changes')).toContainText('never published')
  })
})
