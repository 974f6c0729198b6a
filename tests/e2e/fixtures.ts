import path from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { Child } from '../../scripts/app/child-process.ts'
import { commandOf, readWorld, type World } from './world.ts'

/** What every test is given beside Playwright's own. */
interface WorkerFixtures {
  readonly world: World
  /** Id of the demo's pipeline: published, and kept busy as after `npm start`. */
  readonly demo: string
}

const LIVE_LOAD = path.join(import.meta.dirname, '../../scripts/demo/live-load.ts')

/**
 * Playwright's `test`, signed in. Every page is watched: an exception, a dialog, a report of the content security policy
 * or an error in the console fails the test that met it.
 */
export const test = base.extend<object, WorkerFixtures>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed
    async ({}, use) => use(readWorld()),
    { scope: 'worker' },
  ],
  demo: [
    async ({ world }, use) => {
      const { addresses, logFolder } = world
      const run = commandOf(world)
      const { kafka, elasticsearch } = addresses
      const id = await run('seed-demo', '--kafka', kafka, '--elasticsearch', elasticsearch)
      await run('publish', id, '--start', 'latest')
      const load = new Child({ name: 'live-load', command: [LIVE_LOAD, kafka], env: {}, logFolder })
      await use(id)
      await load.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ world }, use) => use(world.url),
  storageState: async ({ world }, use) => use(world.session),
  page: async ({ page }, use) => {
    const complaints = await watch(page)
    await use(page)
    expect(complaints, 'what pages complained of').toEqual([])
  },
})

export { expect }

/** Requests that fail while a server is down are told in words on the page; the browser writes a line as well. */
const FAILED_REQUEST = /^Failed to load resource/

/** Collects what a page complains of from now on. */
export async function watch(page: Page): Promise<readonly string[]> {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && !FAILED_REQUEST.test(message.text()))
      complaints.push(`console: ${message.text()}`)
  })
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error('content security policy: ' + violatedDirective + ' ' + blockedURI)
    })`,
  )
  return complaints
}
