import path from 'node:path'
import type { Page } from '@playwright/test'
import { seriousFaults } from './axe.ts'
import { EditorPage } from './editor-page.ts'
import { test as base, expect, watch } from './fixtures.ts'
import { chooseInAccountMenu } from './pipelines.ts'
import { addressOf, SIGHTS, type Sight } from './sights.ts'

const SCREENSHOTS = path.join(import.meta.dirname, '../../test-results/pages')

interface Theme {
  readonly colorScheme: 'light' | 'dark'
  readonly contrast: 'no-preference' | 'more'
}

const PLAIN: readonly Theme[] = [
  { colorScheme: 'light', contrast: 'no-preference' },
  { colorScheme: 'dark', contrast: 'no-preference' },
]
const HIGH_CONTRAST: readonly Theme[] = [
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
]

/** A window of 1440 × 900 px has this many CSS pixels at 200 % zoom. */
const ZOOMED = { width: 720, height: 450 }
const WHOLE = { width: 1440, height: 900 }

/** A page that goes from sight to sight. */
interface Viewer {
  readonly page: Page
  readonly complaints: readonly string[]
}

const test = base.extend<object, { viewer: Viewer }>({
  viewer: [
    async ({ browser, world }, use) => {
      const options = { baseURL: world.url, storageState: world.session, viewport: WHOLE }
      const context = await browser.newContext({
        ...options,
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      await use({ page, complaints: await watch(page) })
      await context.close()
    },
    { scope: 'worker' },
  ],
})

for (const sight of SIGHTS) {
  test(`${sight.name} has no serious fault of accessibility`, async ({
    viewer: { page, complaints },
    demo,
  }) => {
    test.slow()
    const editor = new EditorPage(page)
    await goTo(page, addressOf(sight, demo))
    await sight.show(page, editor)
    await checkAll(page, sight)
    await page.keyboard.press('Escape')
    await sight.leave?.(page, editor)
    expect(complaints, 'what pages complained of').toEqual([])
  })
}

test.describe('before the sign-in', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('sign-in has no serious fault of accessibility', async ({ page }) => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await checkAll(page, { name: 'sign-in', zoom: true })
  })
})

test('a theme that was chosen is kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' })
  await page.goto('/pipelines')
  const html = page.locator('html')
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light')
  await chooseInAccountMenu(page, 'Dark, high contrast')
  await page.reload()
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expect(html).toHaveAttribute('data-contrast', 'more')
})

/** Stays where it is already: a dialog that is still open closes. */
async function goTo(page: Page, address: string): Promise<void> {
  const here = page.url().startsWith('http') ? new URL(page.url()).pathname : ''
  if (here !== address) await page.goto(address)
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

/** Every rule in light, those about colour once more in the other themes; at last nothing scrolls sideways. */
async function checkAll(page: Page, { name, contrast, zoom }: Pick<Sight, 'name' | 'contrast' | 'zoom'>) {
  for (const theme of [...PLAIN, ...(contrast ? HIGH_CONTRAST : [])]) await check(page, name, theme)
  await page.emulateMedia(PLAIN[0] as Theme)
  if (zoom) await checkZoomed(page, name)
}

/** Runs axe over what is shown, in the theme that the system asks for, and keeps a picture for people. */
async function check(page: Page, name: string, theme: Theme): Promise<void> {
  const { colorScheme, contrast } = theme
  await page.emulateMedia(theme)
  const more = contrast === 'more' ? '[data-contrast="more"]' : ':not([data-contrast])'
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]${more}`).waitFor()
  const look = contrast === 'more' ? `${colorScheme}-contrast` : colorScheme
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${look}.png`) })
  const rules = theme === PLAIN[0] ? 'all' : 'colour'
  expect(await seriousFaults(page, rules), `${name}, ${look}`).toEqual([])
}

async function checkZoomed(page: Page, name: string): Promise<void> {
  await page.setViewportSize(ZOOMED)
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-zoom.png`), fullPage: true })
  const widths = '[document.documentElement.scrollWidth, document.documentElement.clientWidth]'
  const [content, room] = (await page.evaluate(widths)) as readonly [number, number]
  expect(content, `${name} at 200 %`).toBeLessThanOrEqual(room)
  await page.setViewportSize(WHOLE)
}
