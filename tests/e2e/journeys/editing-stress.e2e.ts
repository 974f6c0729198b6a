import type { Locator, Page } from '@playwright/test'
import { EditorPage } from '../editor-page.ts'
import { expect, test } from '../fixtures.ts'
import { createPipeline, dialogOf } from '../pipelines.ts'
import { type Intents, intentsOf } from './intents.ts'
import { picture } from './picture.ts'

const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 1280, height: 720 },
] as const

/** Journey J3: a pipeline is drawn in every way there is, taken back to nothing, and done again to the same bytes. */
for (const viewport of WINDOWS) {
  const size = `${viewport.width}x${viewport.height}`

  test.describe(size, () => {
    test.use({ viewport })

    test(`J3: draws twelve nodes in every way, undoes to empty and redoes to the same bytes, at ${size}`, async ({
      page,
      context,
    }) => {
      test.setTimeout(300_000)
      const editor = new EditorPage(page)
      await createPipeline(page, `Stress ${size}`)
      const intents = intentsOf(page, editor)
      await draw(page, editor, intents)
      await pasteFromAnotherTab(page, await context.newPage(), editor, intents)
      await arrange(page, editor, intents)
      await picture(page, `j3-4-full-${size}`)

      const full = await test.step('saves it', () => savedDraft(page, editor))
      await test.step('takes every intent back, one by one, to an empty canvas', async () => {
        await intents.undoAll()
        await expect(editor.canvas.getByText('An empty canvas')).toBeVisible()
        await picture(page, `j3-5-empty-${size}`)
        expect(JSON.parse(await savedDraft(page, editor))).toMatchObject({ nodes: [], edges: [] })
      })
      await test.step('does all of it again: the saved document is the same, byte for byte', async () => {
        await intents.redoAll()
        expect(await savedDraft(page, editor)).toBe(full)
      })
      await test.step('finds everything where it was after a reload', async () => {
        const before = await intents.shown()
        await page.reload()
        await expect.poll(() => intents.shown()).toEqual(before)
        await picture(page, `j3-6-reloaded-${size}`)
      })
    })
  })
}

/** From the palette, from a port, from the "+" of a connection, and onto a connection. */
async function draw(page: Page, editor: EditorPage, intents: Intents): Promise<void> {
  await test.step('begins with a source, and pulls a connection from it into the empty canvas', async () => {
    await intents.does('Add Generator', () => editor.dragFromPalette('generator', { x: 0.12, y: 0.4 }))
    await intents.does('Add Elasticsearch', async () => {
      await editor.connect(editor.port('Generator', 'out:out'), editor.canvas)
      await pick(dialogOf(page, 'Add and connect'), 'elastic')
    })
  })
  await test.step('puts nodes into connections: by "+", by dropping a type, by dropping a node', async () => {
    await intents.does('Insert Filter', async () => {
      await plus(editor, 'Generator', 'Elasticsearch').click()
      await pick(dialogOf(page, 'Insert a node'), 'filter')
    })
    await intents.does('Insert Dedupe', () =>
      editor.dropFromPalette('dedupe', plus(editor, 'Filter', 'Elasticsearch')),
    )
    await picture(page, `j3-1-inserted-${page.viewportSize()?.width}`)
    await intents.does('Add Select', () => editor.dragFromPalette('select', { x: 0.5, y: 0.85 }))
    await intents.does('Insert Select', () =>
      editor.connect(editor.node('Select'), plus(editor, 'Dedupe', 'Elasticsearch')),
    )
    await expect(editor.edge('Dedupe', 'Select')).toHaveCount(1)
    await expect(editor.edge('Select', 'Elasticsearch')).toHaveCount(1)
  })
  await test.step('is refused a connection, with the reason', async () => {
    await editor.beginConnection(editor.port('Select', 'out:out'), editor.node('Generator'))
    await expect(editor.refusal).toHaveText('"Generator" is a source: it has no input.')
    await picture(page, `j3-2-refused-${page.viewportSize()?.width}`)
    await page.mouse.up()
    await expect(editor.edges).toHaveCount(4)
    await page.keyboard.press('Escape')
  })
}

/** Four nodes of a template, copied in a tab of their own. */
async function pasteFromAnotherTab(
  page: Page,
  other: Page,
  editor: EditorPage,
  intents: Intents,
): Promise<void> {
  await test.step('copies four nodes in another tab', async () => {
    const there = new EditorPage(other)
    await createPipeline(other, 'Copied from', 'Orders by region')
    const [first, ...others] = ['Drop health checks', 'First per order', 'Add region, tier', 'Add categories']
    await there.node(first as string).click()
    for (const label of others) await there.node(label).click({ modifiers: ['ControlOrMeta'] })
    await other.keyboard.press('ControlOrMeta+c')
  })
  await test.step('pastes them, joins them, and adds to them', async () => {
    await page.bringToFront()
    await intents.does('Paste 4 nodes', () => page.keyboard.press('ControlOrMeta+v'))
    await other.close()
    await expect(editor.edge('Add region, tier', 'Add categories')).toHaveCount(1)
    await page.keyboard.press('ControlOrMeta+1')
    await intents.does('Connect', () =>
      editor.connect(editor.port('Generator', 'out:out'), editor.port('Drop health checks', 'in:in')),
    )
    // One of several that are selected: the click leaves it alone selected.
    await editor.select('Add categories')
    await intents.does('Add Window', async () => {
      await page.keyboard.press('n')
      await pick(dialogOf(page, 'Add a node'), 'window')
    })
    await expect(editor.edge('Add categories', 'Window')).toHaveCount(1)
    await intents.does('Add Kafka', async () => {
      await page.keyboard.press('ControlOrMeta+1')
      await editor.connect(editor.port('Window', 'out:out'), editor.canvas)
      await pick(dialogOf(page, 'Add and connect'), 'kafka')
    })
    await picture(page, `j3-3-pasted-${page.viewportSize()?.width}`)
  })
}

/** Group, rename, duplicate, layout, delete and rejoin. */
async function arrange(page: Page, editor: EditorPage, intents: Intents): Promise<void> {
  await test.step('groups two nodes, and names the group and a node', async () => {
    await editor.node('Drop health checks').click()
    await editor.node('First per order').click({ modifiers: ['ControlOrMeta'] })
    await intents.does('Group 2 nodes', () => page.keyboard.press('ControlOrMeta+g'))
    await intents.does('Rename a group', async () => {
      await page.keyboard.press('F2')
      await write(page.getByLabel('Name of the group'), 'Clean')
    })
    await editor.node('Select').click()
    await intents.does('Rename a node', async () => {
      await page.keyboard.press('F2')
      await write(page.getByLabel('Name of the node'), 'Only what counts')
    })
  })
  await test.step('duplicates a node, lays out all, deletes one and rejoins', async () => {
    await editor.node('Filter').click()
    await intents.does('Duplicate 1 node', () => page.keyboard.press('ControlOrMeta+d'))
    await expect(editor.canvas.locator('.react-flow__node-build')).toHaveCount(12)
    await page.keyboard.press('Escape')
    await intents.does('Lay out 12 nodes', () => page.keyboard.press('l'))
    await editor.node('Dedupe').click()
    await intents.does('Delete Dedupe and rejoin', () => page.keyboard.press('ControlOrMeta+Delete'))
    await expect(editor.edge('Filter', 'Only what counts')).toHaveCount(1)
  })
}

async function pick(dialog: Locator, type: string): Promise<void> {
  await dialog.getByRole('combobox').fill(type)
  await dialog.getByRole('combobox').press('Enter')
}

async function write(field: Locator, text: string): Promise<void> {
  await field.selectText()
  await field.pressSequentially(text)
  await field.press('Enter')
}

function plus(editor: EditorPage, from: string, to: string): Locator {
  return editor.canvas.getByRole('button', { name: `Insert a node between ${from} and ${to}`, exact: true })
}

/** The draft as the server has it, once all is saved. */
async function savedDraft(page: Page, editor: EditorPage): Promise<string> {
  await editor.allIsSaved()
  const answer = await page.request.get(`/api${new URL(page.url()).pathname}`)
  const { draft } = (await answer.json()) as { draft: { graph: unknown } }
  return JSON.stringify(draft.graph)
}
