import type { Locator, Page } from '@playwright/test'
import { EditorPage } from './editor-page.ts'

/** An open dialog by its title. */
export function dialogOf(page: Page, title: string): Locator {
  return page.getByRole('dialog', { name: title })
}

/** Chooses a theme or a language in the menu of whoever is signed in. */
export async function chooseInAccountMenu(page: Page, option: string): Promise<void> {
  await page
    .locator('button', { hasText: '@' })
    .or(page.getByRole('button', { name: /Ada|admin/i }))
    .first()
    .click()
  await page.getByRole('menuitemradio', { name: option }).click()
}

/** Makes a new pipeline in the list, empty or from a template, and opens it. */
export async function createPipeline(page: Page, name: string, template?: string): Promise<void> {
  await page.goto('/pipelines')
  await page.getByRole('button', { name: 'New pipeline' }).first().click()
  const dialog = dialogOf(page, 'New pipeline')
  if (template !== undefined) {
    await dialog.getByLabel('Begin with').click()
    await page.getByRole('option', { name: `Template: ${template}` }).click()
  }
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create' }).click()
  await new EditorPage(page).canvas.waitFor()
}
