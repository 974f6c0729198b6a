import type { Page } from '@playwright/test'
import type { EditorPage } from '../editor-page.ts'
import { expect } from '../fixtures.ts'

/** What is on the canvas, in an order of its own: every node and connection by name, and where nodes stand. */
export type Shown = readonly string[]

/** What somebody did, one intent after the other, each of which must be one step of undo. */
export interface Intents {
  /** Does something that the undo button then calls by this name. */
  does(label: string, act: () => Promise<unknown>): Promise<void>
  /** Takes back all of it: before each step the canvas is as it was then. */
  undoAll(): Promise<void>
  redoAll(): Promise<void>
  shown(): Promise<Shown>
}

/** Begins on an empty canvas. */
export function intentsOf(page: Page, editor: EditorPage): Intents {
  const steps: { readonly label: string; readonly before: Shown; readonly after: Shown }[] = []
  const shown = () => shownIn(editor)
  const isNext = (verb: 'Undo' | 'Redo', label: string | undefined) =>
    expect(
      editor.bar.getByRole('button', { name: label === undefined ? verb : `${verb}: ${label}`, exact: true }),
    ).toBeVisible()
  return {
    shown,
    async does(label, act) {
      const before = await shown()
      await act()
      await isNext('Undo', label)
      await expect.poll(shown).not.toEqual(before)
      steps.push({ label, before, after: await shown() })
    },
    async undoAll() {
      for (const [i, { label, before }] of [...steps.entries()].toReversed()) {
        await page.keyboard.press('ControlOrMeta+z')
        await isNext('Redo', label)
        await isNext('Undo', steps[i - 1]?.label)
        await expect.poll(shown, label).toEqual(before)
      }
    },
    async redoAll() {
      for (const [i, { label, after }] of steps.entries()) {
        await page.keyboard.press('ControlOrMeta+Shift+z')
        await isNext('Undo', label)
        await isNext('Redo', steps[i + 1]?.label)
        await expect.poll(shown, label).toEqual(after)
      }
    },
  }
}

async function shownIn(editor: EditorPage): Promise<Shown> {
  const drawn = editor.canvas.locator('.react-flow__node, .react-flow__edge')
  const lines = await drawn.evaluateAll((elements) =>
    elements.map((element) => {
      const place = /translate\([^)]*\)/.exec(element.getAttribute('style') ?? '')?.[0] ?? ''
      return `${element.getAttribute('aria-label')} ${element.getAttribute('data-id')} ${place}`
    }),
  )
  return lines.toSorted()
}
