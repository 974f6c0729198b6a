import { emptyGraph, newNode, type PipelineGraph } from '@millrace/graph'
import { catalogue } from '@millrace/nodes'
import type { Page } from '@playwright/test'
import { seriousFaults } from '../axe.ts'
import { EditorPage } from '../editor-page.ts'
import { expect, test } from '../fixtures.ts'
import { createPipeline, dialogOf } from '../pipelines.ts'
import { tabTo, typeAndTake } from './keyboard.ts'
import { picture } from './picture.ts'

const HTML_DARK = 'html[data-mantine-color-scheme="dark"][data-contrast="more"]'
/** A window of 1440 × 900 px has this many CSS pixels at 200 % zoom. */
const ZOOMED = { width: 720, height: 450 }

/** Journey J10: no mouse, no light, twice as large. */
test('J10: builds and publishes on the keyboard alone, dark, in high contrast and at 200 % zoom', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const editor = new EditorPage(page)
  await createPipeline(page, 'By keyboard')
  await page.setViewportSize(ZOOMED)

  await test.step('chooses dark and high contrast', async () => {
    await page.keyboard.press('ControlOrMeta+k')
    await typeAndTake(page, 'Appearance: Dark, high')
    await expect(page.locator(HTML_DARK)).toHaveCount(1)
  })

  await test.step('adds two nodes, and connects them', async () => {
    await page.keyboard.press('n')
    await typeAndTake(page, 'generator')
    await expect(editor.panel('Generator')).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await typeAndTake(page, 'elastic')
    await expect(editor.edges).toHaveCount(0)
    await page.keyboard.press('c')
    await typeAndTake(page, 'Generator')
    await expect(editor.edge('Generator', 'Elasticsearch')).toHaveCount(1)
    await picture(page, 'j10-1-connected')
  })

  await test.step('goes along the flow with arrows, and into the settings', async () => {
    await page.keyboard.press('ArrowLeft')
    await expect(editor.node('Generator')).toBeFocused()
    await page.keyboard.press('ArrowRight')
    await expect(editor.node('Elasticsearch')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('tab', { name: 'Settings' })).toBeFocused()
    const sink = editor.panel('Elasticsearch')
    await tabTo(page, sink.getByLabel('Alias'))
    await page.keyboard.type('by-keyboard')
    await tabTo(page, sink.getByRole('button', { name: 'orderId', exact: true }))
    await page.keyboard.press('Enter')
    await tabTo(page, sink.getByRole('button', { name: 'Use all fields' }))
    await page.keyboard.press('Enter')
    await picture(page, 'j10-2-settings')
  })

  await test.step('sees that nothing is wrong, and publishes', async () => {
    await page.keyboard.press('ControlOrMeta+k')
    await typeAndTake(page, 'Show problems')
    await expect(editor.dock.getByText('This draft can be published.')).toBeVisible()
    await picture(page, 'j10-3-problems')
    await page.keyboard.press('ControlOrMeta+k')
    await typeAndTake(page, 'Publish')
    const dialog = dialogOf(page, 'Publish')
    await tabTo(page, dialog.getByRole('button', { name: 'Publish v1' }))
    await picture(page, 'j10-4-publish')
    await page.keyboard.press('Enter')
    await expect(dialog.getByText('Version 1 is live.')).toBeVisible({ timeout: 120_000 })
    await tabTo(page, dialog.getByRole('link', { name: 'Open Monitor' }))
    await page.keyboard.press('Enter')
  })

  await test.step('watches it run, and finds no serious fault of accessibility', async () => {
    await expect(page.getByText(/^Live \d\d:\d\d:\d\d$/)).toBeVisible({ timeout: 60_000 })
    await picture(page, 'j10-5-monitor')
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.press('Alt+ArrowLeft')
    await expect(editor.canvas).toBeVisible()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
})

test('J10: in a pipeline of 300 nodes search and outline find one by two keys', async ({ page }) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'Three hundred')
  await putDraft(page, manyNodes(300))
  await page.emulateMedia({ colorScheme: 'dark', contrast: 'more' })
  await page.reload()
  await expect(editor.node('Step 0')).toBeVisible()

  await test.step('in the search, opened by Ctrl K', async () => {
    await page.keyboard.press('ControlOrMeta+k')
    await typeAndTake(page, 'qu')
    await expect(editor.panel('Quarantine')).toBeVisible()
    await expect(editor.node('Quarantine')).toBeInViewport()
    await picture(page, 'j10-6-many-found')
    await page.keyboard.press('Escape')
  })

  await test.step('in the outline, opened by O', async () => {
    await page.keyboard.press('o')
    const outline = page.getByRole('tree', { name: 'Nodes' })
    await expect(outline.getByRole('treeitem')).toHaveCount(300)
    await page.keyboard.press('/')
    await page.keyboard.type('qu')
    await expect(outline.getByRole('treeitem')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(editor.panel('Quarantine')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(outline.getByRole('treeitem')).toHaveCount(300)
    await expect(outline.getByRole('treeitem', { selected: true })).toBeVisible()
    await picture(page, 'j10-7-many-outline')
  })
})

/** Ten rows of steps behind one generator each. */
function manyNodes(count: number): PipelineGraph {
  const made = (type: string, i: number, label: string) => {
    const definition = catalogue.get(type)
    if (definition === undefined) throw new Error(type)
    return newNode(definition, `n${i}`, label)
  }
  const row = count / 10
  const isFirst = (i: number) => i % row === 0
  const nodes = Array.from({ length: count }, (_, i) =>
    made(isFirst(i) ? 'generator' : 'select', i, i === count - 7 ? 'Quarantine' : `Step ${i}`),
  )
  const edges = nodes.flatMap(({ id }, i) =>
    isFirst(i)
      ? []
      : [{ id: `e${i}`, from: { node: `n${i - 1}`, port: 'out' }, to: { node: id, port: 'in' } }],
  )
  const places = nodes.map(({ id }, i) => [id, { x: (i % row) * 168, y: Math.floor(i / row) * 122 }] as const)
  return { ...emptyGraph('Three hundred'), nodes, edges, layout: Object.fromEntries(places) }
}

async function putDraft(page: Page, graph: PipelineGraph): Promise<void> {
  const path = `/api${new URL(page.url()).pathname}`
  const { draft } = (await (await page.request.get(path)).json()) as { draft: { revision: number } }
  const headers = { origin: new URL(page.url()).origin }
  const answer = await page.request.put(`${path}/draft`, {
    data: { graph, revision: draft.revision },
    headers,
  })
  expect(answer.ok(), await answer.text()).toBe(true)
}
