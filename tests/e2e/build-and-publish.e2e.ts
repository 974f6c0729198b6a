import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline, dialogOf } from './pipelines.ts'

const ALIAS = 'big-orders'
const PLACES = { source: { x: 0.12, y: 0.4 }, filter: { x: 0.4, y: 0.4 }, sink: { x: 0.68, y: 0.4 } }

test('draws a pipeline by hand, publishes it, sees it run and finds its documents', async ({
  page,
  world,
}) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'Big orders')

  await test.step('drags nodes onto the canvas and joins them', async () => {
    await editor.dragFromPalette('generator', PLACES.source)
    await editor.dragFromPalette('filter', PLACES.filter)
    await editor.dragFromPalette('elasticsearch', PLACES.sink)
    await expect(editor.bar.getByRole('button', { name: /problems$/ })).toHaveText('6 problems')
    await editor.connect(editor.port('Generator', 'out:out'), editor.port('Filter', 'in:in'))
    await editor.connect(editor.port('Filter', 'out:out'), editor.port('Elasticsearch', 'in:in'))
    await expect(editor.edge('Generator', 'Filter')).toHaveCount(1)
    await expect(editor.edge('Filter', 'Elasticsearch')).toHaveCount(1)
  })

  await test.step('is told why a connection is impossible, while drawing and after', async () => {
    const reason = '"Elasticsearch" takes one connection here and has one from "Filter".'
    await editor.beginConnection(editor.port('Generator', 'out:out'), editor.port('Elasticsearch', 'in:in'))
    await expect(editor.refusal).toHaveText(reason)
    await page.mouse.up()
    await expect(editor.refusal).toHaveText(reason)
    await editor.connect(editor.port('Filter', 'out:out'), editor.node('Generator'))
    await expect(editor.refusal).toHaveText('"Generator" is a source: it has no input.')
    await expect(editor.edges).toHaveCount(2)
  })

  await test.step('sees problems as they come and go, and cannot publish with them', async () => {
    await editor.dock.getByRole('tab', { name: /Problems/ }).click()
    await expect(editor.problems.getByRole('listitem')).toHaveText([
      /Filter.*Write a condition\./,
      /Elasticsearch.*Give the alias a name\./,
      /Elasticsearch.*Say what names a document/,
      /Elasticsearch.*Choose the fields that documents hold\./,
    ])
    await page.getByRole('button', { name: 'Publish…' }).click()
    const dialog = dialogOf(page, 'Publish')
    await expect(dialog.getByRole('region', { name: 'Not ready to publish' })).toContainText('4 problems')
    await expect(dialog.getByRole('button', { name: 'Publish v1' })).toBeDisabled()
    await dialog.getByRole('button', { name: 'Write a condition.' }).click()
    await expect(editor.panel('Filter')).toBeVisible()
  })

  await test.step('fills in the forms, with what the sample shows', async () => {
    const filter = editor.panel('Filter')
    await filter.getByRole('button', { name: 'Condition', exact: true }).click()
    await editor.choose(filter.getByLabel('Field of condition 1'), 'total')
    await editor.choose(filter.getByLabel('Comparison of condition 1'), 'more than')
    await filter.getByLabel('Value of condition 1').fill('100')
    await expect(await editor.conditionText(filter)).toHaveText('total > 100')
    await expect(filter.getByText(/of 1,000 dropped/)).toBeVisible()
    await editor.problems.getByRole('button', { name: /Give the alias a name/ }).click()
    const sink = editor.panel('Elasticsearch')
    await expect(sink.getByLabel('Alias')).toBeFocused()
    await sink.getByLabel('Alias').fill(ALIAS)
    await sink.getByRole('button', { name: 'orderId', exact: true }).click()
    await sink.getByRole('button', { name: 'Use all fields' }).click()
    await editor.choose(sink.getByLabel('Time field'), 'ts')
    await expect(editor.dock.getByText('This draft can be published.')).toBeVisible()
    await expect(editor.bar.getByText('No problems')).toBeVisible()
  })

  await test.step('undoes and redoes, step by step', async () => {
    await page.keyboard.press('Escape')
    await editor.node('Filter').click()
    await page.keyboard.press('Delete')
    await expect(editor.node('Filter')).toHaveCount(0)
    await expect(editor.edges).toHaveCount(0)
    await editor.bar.getByRole('button', { name: 'Undo: Delete Filter' }).click()
    await expect(editor.node('Filter')).toContainText('total > 100')
    await expect(editor.edges).toHaveCount(2)
    await page.keyboard.press('Control+Shift+z')
    await expect(editor.node('Filter')).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await expect(editor.edges).toHaveCount(2)
  })

  await test.step('finds the draft as it was after a reload', async () => {
    await editor.allIsSaved()
    await page.reload()
    await expect(editor.node('Filter')).toContainText('total > 100')
    await expect(editor.node('Elasticsearch')).toContainText('id = orderId')
    await expect(editor.edges).toHaveCount(2)
    await expect(editor.bar.getByTestId('version-state')).toContainText('never published')
  })

  await test.step('publishes, and sees which version goes live', async () => {
    await page.getByRole('button', { name: 'Publish…' }).click()
    const dialog = dialogOf(page, 'Publish')
    await expect(dialog.getByText('3 nodes for the first time')).toBeVisible()
    await expect(dialog.getByText(`index template for ${ALIAS}`)).toBeVisible()
    await dialog.getByRole('button', { name: 'Publish v1' }).click()
    await expect(dialog.getByText('Version 1 is live.')).toBeVisible({ timeout: 60_000 })
    await expect(editor.bar.getByTestId('version-state')).toContainText('v1 published')
    await dialog.getByRole('link', { name: 'Open Monitor' }).click()
  })

  await test.step('sees the counters of its nodes move', async () => {
    await expect(page.getByText(/^Live \d\d:\d\d:\d\d$/)).toBeVisible()
    await page.getByRole('group', { name: 'Filter, Filter' }).click()
    const figures = page.getByRole('region', { name: 'Figures of Filter' })
    const total = async (name: string) => numberIn(await figures.getByTestId(`total-${name}`).textContent())
    await expect.poll(() => total('in')).toBeGreaterThan(0)
    const before = await total('in')
    await expect.poll(() => total('in')).toBeGreaterThan(before)
    const [read, passed] = [await total('in'), await total('out')]
    expect(passed).toBeGreaterThan(0)
    expect(passed).toBeLessThan(read)
    await expect(figures.getByText(/dropped by this node in total/)).toBeVisible()
  })

  await test.step('looks inside the sink and finds what Elasticsearch holds', async () => {
    await page.getByRole('group', { name: 'Elasticsearch, Elasticsearch' }).click()
    const figures = page.getByRole('region', { name: 'Figures of Elasticsearch' })
    await figures.getByRole('tab', { name: 'Look inside' }).click()
    const search = figures.getByRole('button', { name: 'Search' })
    const found = figures.getByRole('listitem')
    await expect(async () => {
      await search.click()
      await expect(found.first()).toBeVisible({ timeout: 2_000 })
    }).toPass()
    const held = await documentsIn(world.addresses.elasticsearch)
    expect(held.length).toBeGreaterThan(0)
    for (const { total } of held) expect(total).toBeGreaterThan(100)
    const orderId = held[0]?.orderId
    await figures.getByLabel('Query').fill(`orderId:${orderId}`)
    await figures.getByLabel('Time range').selectOption('Last 15 minutes')
    await search.click()
    await expect(found).toHaveCount(1)
    await expect(found).toContainText(`"orderId": "${orderId}"`)
  })
})

/** `1,240 in total` is 1240. */
function numberIn(text: string | null): number {
  return Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', '') ?? Number.NaN)
}

async function documentsIn(elasticsearch: string): Promise<{ orderId: string; total: number }[]> {
  const response = await fetch(`${elasticsearch}/${ALIAS}/_search?size=100`)
  const { hits } = (await response.json()) as {
    hits: { hits: { _source: { orderId: string; total: number } }[] }
  }
  return hits.hits.map(({ _source }) => _source)
}
