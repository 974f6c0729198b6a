import { createKafkaPort } from '@millrace/nodes/connectors'
import type { Page } from '@playwright/test'
import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { hostilePipeline } from './hostile-pipeline.ts'
import { commandOf, type World } from './world.ts'

const IMAGE = '<img src=x onerror=alert(1)>'
const SCRIPT = '<script>alert(2)</script>'
const SVG = '"><svg/onload=alert(3)>'
const TOPIC = 'hostile'
const ALIAS = 'hostile'

test('HTML and scripts in names, events and errors are text wherever they are shown', async ({
  page,
  world,
}) => {
  test.slow()
  await produce(world)
  const id = await savePipeline(page)

  await test.step('in the list of pipelines', async () => {
    await page.goto('/pipelines')
    await expect(page.getByRole('link', { name: IMAGE, exact: true })).toBeVisible()
    await isHarmless(page)
  })

  const editor = new EditorPage(page)
  await test.step('on the canvas, in the panel and in the preview', async () => {
    await page.goto(`/pipelines/${id}?node=filter`)
    await expect(page).toHaveTitle(/<img src=x onerror=alert\(1\)>/)
    await expect(editor.canvas.getByText(SCRIPT).first()).toBeVisible()
    await expect(editor.output.getByText(IMAGE).first()).toBeVisible()
    await editor.canvas.getByText(SVG).first().click()
    await expect(editor.dock.getByRole('region', { name: 'Dropped, late and errors' })).toContainText('error')
    await page.getByRole('tab', { name: 'Note' }).click()
    await expect(page.getByLabel('Note for colleagues')).toHaveValue(SCRIPT)
    await isHarmless(page)
  })

  await test.step('in the words of a mistake', async () => {
    await page.goto(`/pipelines/${id}?node=filter`)
    const expression = await editor.conditionText(page.locator('body'))
    const before = await expression.innerText()
    await expression.fill(`"${IMAGE}" = 1`)
    await editor.dock.getByRole('tab', { name: /Problems/ }).click()
    await expect(editor.problems.getByRole('listitem').first()).toContainText(IMAGE)
    await isHarmless(page)
    await expression.fill(before)
    await expect(editor.bar.getByText('No problems')).toBeVisible()
    await page.keyboard.press('Control+s')
    await editor.allIsSaved()
  })

  await commandOf(world)('publish', id, '--start', 'earliest')

  await test.step('in Monitor, its dead letters and the documents of the sink', async () => {
    await page.goto(`/pipelines/${id}/monitor`)
    await expect(page.getByText(SCRIPT).first()).toBeVisible()
    await page.getByRole('tab', { name: 'Dead letters' }).click()
    await expect(page.getByRole('listitem').filter({ hasText: SVG }).first()).toBeVisible()
    await isHarmless(page)
    await page.locator('.react-flow__node').filter({ hasText: 'Elasticsearch' }).click()
    await page.getByRole('tab', { name: 'Look inside' }).click()
    await expect(async () => {
      await page.getByRole('button', { name: 'Search' }).click()
      await expect(page.getByRole('listitem').filter({ hasText: IMAGE }).first()).toBeVisible({
        timeout: 2_000,
      })
    }).toPass()
    await page.getByLabel('Query').fill(`text:"${SCRIPT}`)
    await page.getByRole('button', { name: 'Search' }).click()
    await isHarmless(page)
  })

  await test.step('in the history', async () => {
    await page.goto(`/pipelines/${id}/history`)
    await expect(page.getByText('v1', { exact: true })).toBeVisible()
    await isHarmless(page)
  })
})

async function produce({ addresses }: World): Promise<void> {
  const port = createKafkaPort({ brokers: addresses.kafka }, {})
  try {
    await port.createTopic({ name: TOPIC, partitions: 1, replicationFactor: 1, config: {} })
    const events = [IMAGE, SCRIPT, SVG].map(
      (text, i) =>
        `{"id":"${i}","text":${JSON.stringify(text)},"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`,
    )
    const values = [...events, SVG, `{"id": ${IMAGE}`]
    await port.produce(
      TOPIC,
      values.map((value) => ({ key: SCRIPT, value })),
    )
  } finally {
    await port.close()
  }
}

async function savePipeline(page: Page): Promise<string> {
  const graph = hostilePipeline({
    name: IMAGE,
    source: SVG,
    filter: SCRIPT,
    sink: IMAGE,
    note: SCRIPT,
    topic: TOPIC,
    alias: ALIAS,
  })
  const created = await page.request.post('/api/pipelines', { data: { name: IMAGE } })
  const { id, draft } = (await created.json()) as { id: string; draft: { revision: number } }
  const saved = await page.request.put(`/api/pipelines/${id}/draft`, {
    data: { graph, revision: draft.revision },
  })
  expect(saved.ok()).toBe(true)
  return id
}

/** Nothing became markup, and nothing reached the prototypes; what would have run is told by the watch on the page. */
async function isHarmless(page: Page): Promise<void> {
  await expect(page.locator('img, svg[onload], script:not([src])')).toHaveCount(0)
  expect(await page.evaluate('({}).polluted')).toBeUndefined()
}
