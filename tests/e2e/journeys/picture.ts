import path from 'node:path'
import type { Page } from '@playwright/test'

const PICTURES = path.join(import.meta.dirname, '../../../test-results/journeys')

/** Keeps a picture of the page, to be looked at after a run. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`) })
}
