import type { Page } from '@playwright/test'
import type { EditorPage } from './editor-page.ts'
import { dialogOf } from './pipelines.ts'

/** Samples come from Kafka and run through the engine: on a busy machine that takes its time. */
const PATIENCE = { timeout: 60_000 }

/** Something to look at: where it is, and how to bring it up there. */
export interface Sight {
  readonly name: string
  /** `build` and `monitor` are of the demo's pipeline. */
  readonly at: 'build' | 'monitor' | 'history' | '/pipelines' | '/connections' | '/system'
  /** Also looked at with high contrast: together these have every kind of control. */
  readonly contrast?: true
  /** Also looked at at 200 % zoom: it is wide, or lays itself out anew where there is little room. */
  readonly zoom?: true
  show(page: Page, editor: EditorPage): Promise<void>
  /** Takes away what would stay for the next one, beyond a dialog. */
  leave?(page: Page, editor: EditorPage): Promise<void>
}

/** Every page, and what opens on it. Those at one place stand together: the page is loaded once for them. */
export const SIGHTS: readonly Sight[] = [
  {
    name: 'pipelines',
    at: '/pipelines',
    zoom: true,
    async show(page) {
      await page.getByText('Healthy').first().waitFor(PATIENCE)
      await page.getByRole('heading', { name: 'Start from a template' }).waitFor()
    },
  },
  {
    name: 'tour',
    at: '/pipelines',
    zoom: true,
    async show(page) {
      await page.getByRole('button', { name: 'Take the tour' }).click()
      await page.getByRole('region', { name: 'Tour: first five minutes' }).waitFor()
    },
    leave: (page) => page.getByRole('button', { name: 'Leave the tour' }).click(),
  },
  {
    name: 'build',
    at: 'build',
    contrast: true,
    zoom: true,
    async show(_page, editor) {
      await editor.dock.getByText(/^Recomputed in/).waitFor(PATIENCE)
      await editor.select('Drop health checks')
      await editor.output.getByRole('table').waitFor()
    },
  },
  {
    name: 'expression',
    at: 'build',
    contrast: true,
    async show(page, editor) {
      await editor.select('Drop health checks')
      const text = await editor.conditionText(editor.panel('Drop health checks'))
      // Asks for suggestions without an edit.
      await text.press('ControlOrMeta+Home')
      await text.press('Control+Space')
      await page.getByRole('option', { name: /^userId/ }).waitFor()
    },
  },
  {
    name: 'help',
    at: 'build',
    async show(page, editor) {
      await editor.select('5 min by region')
      await page.getByRole('tab', { name: 'Help' }).click()
      await page.getByRole('region', { name: 'Live example' }).getByRole('table').first().waitFor(PATIENCE)
    },
    async leave(page, editor) {
      await editor.select('5 min by region')
      await page.getByRole('tab', { name: 'Settings' }).click()
    },
  },
  {
    name: 'timeline',
    at: 'build',
    zoom: true,
    async show(page, editor) {
      await editor.select('5 min by region')
      await editor.dock.getByRole('tab', { name: 'Timeline' }).click()
      await editor.dock.getByRole('group', { name: /^Timeline of \d+ windows?/ }).focus(PATIENCE)
      await page.keyboard.press('ArrowRight')
      await editor.dock
        .getByRole('status')
        .filter({ hasText: /The window/ })
        .waitFor()
    },
    leave: (_page, editor) => editor.dock.getByRole('tab', { name: 'Preview' }).click(),
  },
  {
    name: 'topics',
    at: 'build',
    zoom: true,
    async show(page, editor) {
      await editor.node('orders, Kafka').click()
      await editor.panel('orders').getByRole('button', { name: 'Browse topics' }).click()
      const topic = dialogOf(page, 'Topics').getByRole('region', { name: 'Topic orders', exact: true })
      await topic.getByText(/^All \d+ records that were read are JSON objects/).waitFor(PATIENCE)
    },
  },
  {
    name: 'search',
    at: 'build',
    async show(page) {
      await page.getByRole('button', { name: 'Search', exact: true }).click()
      await page
        .getByRole('option', { name: /Drop health checks/ })
        .first()
        .waitFor()
    },
  },
  {
    name: 'keys',
    at: 'build',
    async show(page) {
      await page.keyboard.press('Shift+?')
      await dialogOf(page, 'Keys').getByRole('row').first().waitFor()
    },
  },
  {
    name: 'connect',
    at: 'build',
    async show(page, editor) {
      await editor.select('Drop health checks')
      await page.keyboard.press('c')
      await dialogOf(page, 'Connect Drop health checks').getByRole('option').first().waitFor()
    },
  },
  {
    name: 'changes',
    at: 'build',
    async show(page) {
      await page.keyboard.press('d')
      await dialogOf(page, 'Changes').getByRole('heading').first().waitFor()
    },
  },
  {
    name: 'publish',
    at: 'build',
    contrast: true,
    zoom: true,
    async show(page) {
      await page.getByRole('button', { name: 'Publish…' }).click()
      await dialogOf(page, 'Publish')
        .getByRole('heading', { name: 'What happens to state' })
        .waitFor(PATIENCE)
    },
  },
  {
    // Leaves a note on the canvas: the last one there.
    name: 'outline',
    at: 'build',
    async show(page, editor) {
      await editor.canvas.getByRole('button', { name: 'Outline (O)' }).click()
      await page.getByRole('treeitem').first().waitFor()
      await editor.canvas.getByRole('button', { name: 'Add a note (T)' }).click()
      await page.keyboard.press('Escape')
    },
    async leave(page, editor) {
      await page.keyboard.press('ControlOrMeta+z')
      await editor.allIsSaved()
    },
  },
  {
    name: 'monitor',
    at: 'monitor',
    contrast: true,
    zoom: true,
    async show(page) {
      await page.getByText(/^Live \d\d:\d\d:\d\d$/).waitFor(PATIENCE)
      await page.getByRole('group', { name: 'orders, Kafka' }).click()
      await page.getByRole('region', { name: 'Watermark and lag by partition' }).waitFor()
    },
  },
  {
    name: 'history',
    at: 'history',
    zoom: true,
    async show(page) {
      await page.getByText('v1', { exact: true }).waitFor()
    },
  },
  {
    name: 'connections',
    at: '/connections',
    zoom: true,
    async show(page) {
      await page.getByRole('region', { name: 'Kafka' }).waitFor()
    },
  },
  {
    name: 'system',
    at: '/system',
    zoom: true,
    async show(page) {
      await page.getByText('executor-2').waitFor()
    },
  },
]

/** The address of a sight. */
export function addressOf({ at }: Sight, demo: string): string {
  if (at.startsWith('/')) return at
  return `/pipelines/${demo}${at === 'build' ? '' : `/${at}`}`
}
