import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { seriousFaults } from './axe.ts'
import { expect, test } from './fixtures.ts'
import { chooseInAccountMenu, createPipeline, dialogOf } from './pipelines.ts'

const PICTURES = path.join(import.meta.dirname, '../../test-results/german')
const GERMAN = path.join(import.meta.dirname, '../../editor/src/i18n/de')

/** Samples come from Kafka and run through the engine: on a busy machine that takes its time. */
const PATIENCE = { timeout: 60_000 }

/** What people named stays as they named it, though a template has the same name. */
const NAMED = new Set(['Orders by region'])

/** English texts that German says otherwise: none of them may be seen. */
const ENGLISH = globSync('*.json', { cwd: GERMAN })
  .filter((name) => name !== 'nouns.json')
  .flatMap((name) => Object.entries(JSON.parse(readFileSync(path.join(GERMAN, name), 'utf8'))))
  .filter(([english, german]) => english !== german && !english.includes('{') && !NAMED.has(english))
  .map(([english]) => english)

// What people see of a page, or hear.
const TEXTS = `[...document.querySelectorAll('body *')].flatMap((element) => [
  ...['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name)),
  ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data),
]).filter(Boolean).map((text) => text.trim())`

// Buttons, tabs, labels and headings whose text is wider than they are.
const CUT = `[...document.querySelectorAll('button, [role=tab], label, th, h1, h2, h3')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0
    && getComputedStyle(element).overflowX !== 'visible')
  .map(({ textContent }) => textContent)`

test.use({ viewport: { width: 1280, height: 720 } })

test('the editor speaks German, everywhere and from then on', async ({ page, demo }) => {
  test.slow()
  await page.goto('/pipelines')
  await chooseInAccountMenu(page, 'Deutsch')
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Mit einer Vorlage beginnen' }).waitFor()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await look(page, 'pipelines')

  await page.goto(`/pipelines/${demo}`)
  await page.getByText(/^In .+ ms neu berechnet/).waitFor(PATIENCE)
  await page.getByRole('group', { name: /^Drop health checks, Filter/ }).click()
  await page.getByText('Was mit Ereignissen geschieht, für die die Bedingung zutrifft.').waitFor()
  await look(page, 'build')

  await page.getByRole('button', { name: 'Veröffentlichen…' }).click()
  await dialogOf(page, 'Veröffentlichen')
    .getByRole('heading', { name: 'Was mit dem Zustand geschieht' })
    .waitFor()
  await look(page, 'publish')

  await page.goto(`/pipelines/${demo}/monitor`)
  await page.getByText(/^Live \d\d:\d\d:\d\d$/).waitFor()
  await page.getByRole('group', { name: 'orders, Kafka' }).click()
  await page.getByRole('region', { name: 'Watermark und Lag je Partition' }).waitFor()
  await look(page, 'monitor')
})

test('another language takes nothing away from an open pipeline', async ({ page }) => {
  await createPipeline(page, 'Orders, in two languages', 'Orders by region')
  const canvas = page.getByRole('main', { name: 'Canvas' })
  await canvas.getByRole('group', { name: /^Drop health checks, / }).click()
  await page.keyboard.press('Control+d')
  const copies = page.getByRole('group', { name: /^Drop health checks.*, Filter$/ })
  await expect(copies).toHaveCount(2)
  await page.keyboard.press('Control+k')
  await page.getByRole('option', { name: /Language: Deutsch/ }).click()
  await page.getByRole('button', { name: /^Rückgängig: / }).click()
  await expect(copies).toHaveCount(1)
})

/** Nothing of what is shown is English, cut off or a serious fault of accessibility; keeps a picture for people. */
async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`) })
  const seen = new Set((await page.evaluate(TEXTS)) as readonly string[])
  expect(
    ENGLISH.filter((text) => seen.has(text)),
    `${name}: English`,
  ).toEqual([])
  const cut = (await page.evaluate(CUT)) as readonly string[]
  expect(
    cut.filter((text) => !NAMED.has(text)),
    `${name}: cut off`,
  ).toEqual([])
  expect(await seriousFaults(page), `${name}: axe`).toEqual([])
}
