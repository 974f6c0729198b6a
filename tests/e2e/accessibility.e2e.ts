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

/** Samples come from Kafka and run through the engine: on a busy machine that takes its time. */
const PATIENCE = { timeout: 60_000 }

/** A page, and how to bring it to where it is looked at. */
interface Sight {
  readonly name: string
  show(page: Page, demo: string): Promise<void>
}

interface Theme {
  readonly colorScheme: 'light' | 'dark'
  readonly contrast: 'no-preference' | 'more'
}

const THEMES: readonly Theme[] = [
  { colorScheme: 'light', contrast: 'no-preference' },
  { colorScheme: 'dark', contrast: 'no-preference' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
]

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
      await editor.dock.getByText(/^Recomputed in/).waitFor(PATIENCE)
      await editor.select('Drop health checks')
      await editor.output.getByRole('table').waitFor()
    },
  },
  {
    name: 'expression',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      const editor = new EditorPage(page)
      await editor.dock.getByText(/^Recomputed in/).waitFor(PATIENCE)
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
    name: 'outline',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      const editor = new EditorPage(page)
      await editor.canvas.getByRole('button', { name: 'Outline (O)' }).click()
      await page.getByRole('treeitem').first().waitFor()
      await editor.canvas.getByRole('button', { name: 'Add a note (T)' }).click()
      await page.keyboard.press('Escape')
    },
  },
  {
    name: 'connect',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      await new EditorPage(page).select('Drop health checks')
      await page.keyboard.press('c')
      await dialogOf(page, 'Connect Drop health checks').getByRole('option').first().waitFor()
    },
  },
  {
    name: 'changes',
    async show(page, demo) {
      await page.goto(`/pipelines/${demo}`)
      await new EditorPage(page).canvas.waitFor()
      await page.keyboard.press('d')
      await dialogOf(page, 'Changes').getByRole('heading', { name: 'Not published yet' }).waitFor()
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
    test.slow()
    await show(page, demo)
    for (const theme of THEMES) await check(page, name, theme)
  })
}

test.describe('before the sign-in', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('sign-in has no serious fault of accessibility', async ({ page }) => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    for (const theme of THEMES) await check(page, 'sign-in', theme)
  })
})

test('a theme that was chosen is kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' })
  await page.goto('/pipelines')
  const html = page.locator('html')
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light')
  await page
    .locator('button', { hasText: '@' })
    .or(page.getByRole('button', { name: /Ada|admin/i }))
    .first()
    .click()
  await page.getByRole('menuitemradio', { name: 'Dark, high contrast' }).click()
  await page.reload()
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect(html).toHaveAttribute('data-contrast', 'more')
})

test.describe('at 200 % zoom', () => {
  // A window of 1440 × 900 px has this many CSS pixels then.
  test.use({ viewport: { width: 720, height: 450 } })

  for (const { name, show } of SIGHTS) {
    test(`${name} needs no scrolling sideways`, async ({ page, demo }) => {
      await show(page, demo)
      await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-zoom.png`), fullPage: true })
      const widths = (await page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )) as readonly [number, number]
      expect(widths[0]).toBeLessThanOrEqual(widths[1])
    })
  }
})

/** Runs axe over what is shown, in the theme that the system asks for, and keeps a picture for people. */
async function check(page: Page, name: string, theme: Theme): Promise<void> {
  const { colorScheme, contrast } = theme
  await page.emulateMedia(theme)
  const more = contrast === 'more' ? '[data-contrast="more"]' : ':not([data-contrast])'
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]${more}`).waitFor()
  const look = contrast === 'more' ? `${colorScheme}-contrast` : colorScheme
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${look}.png`) })
  await page.evaluate(AXE)
  const { violations, passes } = (await page.evaluate('axe.run(document)')) as AxeResults
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ target }) => target.join(' ')) }))
    .filter(({ id, at }) => id !== 'scrollable-region-focusable' || !at.every(isSuggestionList))
  expect(serious, `${name}, ${look}`).toEqual([])
}

/** Arrows in the text that has the focus scroll the suggestions; axe knows that of role combobox only. */
function isSuggestionList(target: string): boolean {
  return target.startsWith('#cm-ac-')
}
