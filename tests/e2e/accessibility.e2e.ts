import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { EditorPage } from './editor-page.ts'
import { expect, test } from './fixtures.ts'
import { dialogOf } from './pipelines.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SCREENSHOTS = path.join(import.meta.dirname, '../../test-results/pages')

/** A page, and how to bring it to where it is looked at. */
interface Sight {
  readonly name: string
  show(page: Page, demo: string): Promise<void>
}

const SIGHTS: readonly Sight[] = [
  {
    name: 'pipelines',
    async show(page) {
      await page.goto('/pipelines')
      await page.getByText('Healthy').first().waitFor()
      await page.getByRole('heading', { name: 'Start from a template' }).waitFor()
    },
  },
  {
    name: 'build',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      const editor = new EditorPage(page)
      await editor.dock.getByText(/^Recomputed in/).waitFor()
      await editor.select('Drop health checks')
      await editor.output.getByRole('table').waitFor()
    },
  },
  {
    name: 'expression',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      const editor = new EditorPage(page)
      await editor.dock.getByText(/^Recomputed in/).waitFor()
      await editor.select('Drop health checks')
      const text = await editor.conditionText(editor.panel('Drop health checks'))
      // Asks for suggestions without an edit.
      await text.press('ControlOrMeta+Home')
      await text.press('Control+Space')
      await page.getByRole('option', { name: /^userId/ }).waitFor()
    },
  },
  {
    name: 'search',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      await page.getByRole('button', { name: 'Search', exact: true }).click()
      await page
        .getByRole('option', { name: /Drop health checks/ })
        .first()
        .waitFor()
    },
  },
  {
    name: 'keys',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      await new EditorPage(page).canvas.waitFor()
      await page.keyboard.press('Shift+?')
      await dialogOf(page, 'Keys').getByRole('row').first().waitFor()
    },
  },
  {
    name: 'publish',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      await page.getByRole('button', { name: 'Publish…' }).click()
      await dialogOf(page, 'Publish').getByRole('heading', { name: 'What happens to state' }).waitFor()
    },
  },
  {
    name: 'monitor',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}/monitor`)
      await page.getByText(/^Live \d\d:\d\d:\d\d$/).waitFor()
      await page.getByRole('group', { name: 'orders, Kafka' }).click()
      await page.getByRole('region', { name: 'Watermark and lag by partition' }).waitFor()
    },
  },
  {
    name: 'history',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}/history`)
      await page.getByText('v1', { exact: true }).waitFor()
    },
  },
  {
    name: 'connections',
    async show(page) {
      await page.goto('/connections')
      await page.getByRole('region', { name: 'Kafka' }).waitFor()
    },
  },
  {
    name: 'system',
    async show(page) {
      await page.goto('/system')
      await page.getByText('executor-2').waitFor()
    },
  },
]

for (const { name, show } of SIGHTS) {
  test(`${name} has no serious fault of accessibility`, async ({ page, demo }) => {
    await show(page, demo)
    await check(page, name, 'light')
    await check(page, name, 'dark')
  })
}

test.describe('before the sign-in', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('sign-in has no serious fault of accessibility', async ({ page }) => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await check(page, 'sign-in', 'light')
    await check(page, 'sign-in', 'dark')
  })
})

/** Runs axe over what is shown, in the scheme that the system asks for, and keeps a picture for people. */
async function check(page: Page, name: string, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${colorScheme}.png`) })
  await page.evaluate(AXE)
  const { violations, passes } = (await page.evaluate('axe.run(document)')) as AxeResults
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ target }) => target.join(' ')) }))
    .filter(({ id, at }) => id !== 'scrollable-region-focusable' || !at.every(isSuggestionList))
  expect(serious, `${name}, ${colorScheme}`).toEqual([])
}

/** Arrows in the text that has the focus scroll the suggestions; axe knows that of role combobox only. */
function isSuggestionList(target: string): boolean {
  return target.startsWith('#cm-ac-')
}
