import type { Locator, Page } from '@playwright/test'
import { expect } from '../fixtures.ts'

/** Stops of the Tab key from one end of a page to the other, at most. */
const MANY_STOPS = 120

/** Presses Tab until something has the focus: it must be one of the stops. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let stops = 0; stops < MANY_STOPS; stops++) {
    if (await target.evaluate((element) => element.contains(element.ownerDocument.activeElement))) return
    await page.keyboard.press('Tab')
  }
  await expect(target, 'a stop of the Tab key').toBeFocused()
}

/** Takes what a field with a list below it offers first for a text. */
export async function typeAndTake(page: Page, text: string): Promise<void> {
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}
