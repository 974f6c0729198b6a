import { expect, type Locator, type Page } from '@playwright/test'

/** A place within the canvas: 0 is left and top, 1 right and bottom. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** Pointer moves of one drag: people do not jump. */
const STEPS = 8

/** The Build page of a pipeline, used as by hand. */
export class EditorPage {
  readonly canvas: Locator
  readonly bar: Locator
  readonly dock: Locator
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
    this.canvas = page.getByRole('main', { name: 'Canvas' })
    this.bar = page.getByRole('region', { name: 'Pipeline bar' })
    this.dock = page.getByRole('region', { name: 'Preview and problems' })
  }

  /** The card of a node by its label, or by label and type: `orders, Kafka`. */
  node(name: string): Locator {
    return this.canvas.getByRole('group', { name: new RegExp(`^${name}(, |$)`) })
  }

  /** The side panel while a node is selected. */
  panel(label: string): Locator {
    return this.#page.getByRole('complementary', { name: `Node ${label}` })
  }

  /** In the preview, what comes out of the selected node. */
  get output(): Locator {
    return this.dock.getByRole('region', { name: 'Output' })
  }

  /** All connections. */
  get edges(): Locator {
    return this.canvas.locator('.react-flow__edge')
  }

  /** The connection between two nodes. */
  edge(from: string, to: string): Locator {
    return this.canvas.getByRole('group', { name: new RegExp(`^From ${from}, .* to ${to}, `) })
  }

  /** Why a connection is refused, at the pointer. */
  get refusal(): Locator {
    return this.#page.getByTestId('refusal')
  }

  /** What is wrong with the draft. */
  get problems(): Locator {
    return this.dock.getByRole('list', { name: 'Problems' })
  }

  /** Waits until the draft is saved: before that a page asks whether it may go. */
  async allIsSaved(): Promise<void> {
    await expect(this.bar.getByText(/unsaved|Saving/i)).toHaveCount(0)
  }

  /** Drags a node type out of the palette and lets it go over the canvas. */
  async dragFromPalette(type: string, to: Place): Promise<void> {
    await this.#page.locator(`[data-node-type="${type}"]`).hover()
    await this.#page.mouse.down()
    const { x, y, width, height } = await boxOf(this.canvas)
    await this.#page.mouse.move(x + to.x * width, y + to.y * height, { steps: STEPS })
    await this.#page.mouse.up()
  }

  /** Drags a node type out of the palette and lets it go over something. */
  async dropFromPalette(type: string, target: Locator): Promise<void> {
    await this.#page.locator(`[data-node-type="${type}"]`).hover()
    await this.#page.mouse.down()
    const { x, y, width, height } = await boxOf(target)
    await this.#page.mouse.move(x + width / 2, y + height / 2, { steps: STEPS })
    await this.#page.mouse.up()
  }

  /** A port of a node, such as `in:in` or `out:out`. */
  port(label: string, port: string): Locator {
    return this.node(label).locator(`[data-port="${port}"]`)
  }

  /** Draws a connection and lets it go over a port or a card. */
  async connect(from: Locator, to: Locator): Promise<void> {
    await this.beginConnection(from, to)
    await this.#page.mouse.up()
  }

  /** Draws a connection without letting it go. */
  async beginConnection(from: Locator, to: Locator): Promise<void> {
    await from.hover()
    await this.#page.mouse.down()
    const { x, y, width, height } = await boxOf(to)
    await this.#page.mouse.move(x + width / 2, y + height / 2, { steps: STEPS })
  }

  /** Opens a list of choices and takes one; fields have their type behind their name. */
  async choose(control: Locator, option: string): Promise<void> {
    await control.click()
    await this.#page.getByRole('option', { name: new RegExp(`^${option}( |$)`) }).click()
  }

  /** The text of a condition, which is shown in place of its rows. */
  async conditionText(form: Locator, title = 'Condition'): Promise<Locator> {
    await form
      .getByRole('radiogroup', { name: `${title}: how it is shown` })
      .getByText('Text')
      .click()
    return form.getByRole('textbox', { name: `${title} as an expression` })
  }

  /** The rows of a condition, which are shown in place of its text. */
  async conditionRows(form: Locator, title = 'Condition'): Promise<Locator> {
    await form
      .getByRole('radiogroup', { name: `${title}: how it is shown` })
      .getByText('Builder')
      .click()
    return form.getByRole('group', { name: title, exact: true })
  }

  /** Selects a node: its settings are shown. */
  async select(label: string): Promise<void> {
    await this.node(label).click()
    await this.panel(label).waitFor()
  }
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox()
  if (box === null) throw new Error('nothing to be seen there')
  return box
}
