import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { createPipeline } from './pipelines.ts'

const PLACES = {
  source: { x: 0.1, y: 0.4 },
  branch: { x: 0.34, y: 0.4 },
  large: { x: 0.64, y: 0.2 },
  rest: { x: 0.64, y: 0.6 },
}

test('draws a branch with two conditions: outputs come, keep their connections, and go', async ({ page }) => {
  test.slow()
  const editor = new EditorPage(page)
  await createPipeline(page, 'Sorted orders')

  await test.step('puts a branch behind a source', async () => {
    await editor.dragFromPalette('generator', PLACES.source)
    await editor.dragFromPalette('branch', PLACES.branch)
    await editor.connect(editor.port('Generator', 'out:out'), editor.port('Branch', 'in:in'))
    await editor.dragFromPalette('select', PLACES.large)
    await editor.dragFromPalette('sample', PLACES.rest)
    await expect(editor.port('Branch', 'out:b1')).toHaveText('Branch 1')
    await expect(editor.port('Branch', 'out:else')).toHaveText('Else')
  })

  const panel = editor.panel('Branch')
  const branch = (number: number) => panel.getByRole('group', { name: `Branch ${number}`, exact: true })

  await test.step('gives each branch a name and a condition', async () => {
    await editor.select('Branch')
    await branch(1).getByLabel('Name').fill('Large')
    await (await editor.conditionText(branch(1))).fill('total > 150')
    await panel.getByRole('button', { name: 'Add to branches' }).click()
    await branch(2).getByLabel('Name').fill('Medium')
    await (await editor.conditionText(branch(2))).fill('total > 50')
    await expect(editor.port('Branch', 'out:b1')).toHaveText('Large')
    await expect(editor.port('Branch', 'out:b2')).toHaveText('Medium')
    await expect(editor.node('Branch')).toContainText('Large, Medium, else')
  })

  await test.step('connects the output from which a connection is drawn, also over a card', async () => {
    await editor.connect(editor.port('Branch', 'out:b2'), editor.port('Select', 'in:in'))
    await editor.connect(editor.port('Branch', 'out:else'), editor.node('Sample'))
    await expect(editor.edges).toHaveCount(3)
    await expect(editor.canvas.getByText('Medium', { exact: true })).not.toHaveCount(0)
    await editor.dock.getByRole('tab', { name: /Problems/ }).click()
    await expect(editor.problems.getByRole('listitem').filter({ hasText: 'Branch' })).toHaveText([
      /Nothing takes what comes out of "Large" of "Branch"/,
    ])
  })

  await test.step('shows in the preview which events come out where', async () => {
    await editor.dock.getByRole('tab', { name: /Preview/ }).click()
    await editor.select('Branch')
    for (const label of ['Large', 'Medium', 'Else'])
      await expect(editor.output.getByRole('heading', { name: new RegExp(`^${label} \\d+$`) })).toBeVisible()
    await expect(editor.output.getByRole('table')).toHaveCount(3)
    await page.screenshot({ path: 'test-results/pages/branch.png' })
  })

  await test.step('keeps the connections when branches change places', async () => {
    await panel.getByRole('button', { name: 'Move Branch 2 up' }).click()
    await expect(branch(1).getByLabel('Name')).toHaveValue('Medium')
    await expect(editor.edge('Branch', 'Select')).toHaveCount(1)
    const [first, second] = [editor.port('Branch', 'out:b2'), editor.port('Branch', 'out:b1')]
    const tops = await Promise.all([first, second].map(async (port) => (await port.boundingBox())?.y ?? 0))
    expect(tops[0]).toBeLessThan(tops[1] as number)
  })

  await test.step('tells of the connection of a branch that is gone, which no new branch takes over', async () => {
    await panel.getByRole('button', { name: 'Remove Branch 1' }).click()
    await panel.getByRole('button', { name: 'Add to branches' }).click()
    await expect(editor.port('Branch', 'out:b3')).toHaveCount(1)
    await editor.dock.getByRole('tab', { name: /Problems/ }).click()
    const problem = editor.problems.getByRole('listitem').filter({ hasText: 'do not have any more' })
    await expect(problem).toHaveCount(1)
    await page.screenshot({ path: 'test-results/pages/branch-removed.png' })
    await problem.getByRole('button', { name: 'Remove the connection' }).click()
    await expect(editor.edge('Branch', 'Select')).toHaveCount(0)
    await expect(editor.port('Branch', 'out:b2')).toHaveCount(0)
  })
})
