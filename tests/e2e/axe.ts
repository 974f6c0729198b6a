import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { expect } from './fixtures.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The rules whose outcome depends on the theme: all others look at the document, which is the same. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

const OPTIONS = {
  all: {},
  colour: { runOnly: COLOUR_RULES },
} as const

/** What axe finds serious or critical in what is shown. */
export async function seriousFaults(
  page: Page,
  rules: keyof typeof OPTIONS = 'all',
): Promise<readonly object[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  const options = JSON.stringify({ ...OPTIONS[rules], resultTypes: ['violations'] })
  const { violations, passes } = (await page.evaluate(`axe.run(document, ${options})`)) as AxeResults
  expect(passes.map(({ id }) => id)).toContain('color-contrast')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ target }) => target.join(' ')) }))
    .filter(({ id, at }) => id !== 'scrollable-region-focusable' || !at.every(isSuggestionList))
}

/** Arrows in the text that has the focus scroll the suggestions; axe knows that of role combobox only. */
function isSuggestionList(target: string): boolean {
  return target.startsWith('#cm-ac-')
}
