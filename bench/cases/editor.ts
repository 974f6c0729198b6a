import { gzipSync } from 'node:zlib'
import { ensureChromium } from '@millrace/stack'
import { type Browser, chromium, type Page } from '@playwright/test'
import { buildApp } from '../../scripts/app/build-app.ts'
import type { BenchCase, BenchContext, Figure, Goal } from '../support/bench-case.ts'
import { type EditorHost, hostEditor } from '../support/editor/editor-host.ts'
import { dragInCircle, framesDuring, type Point } from '../support/editor/frames.ts'
import { wideGraph } from '../support/editor/wide-graph.ts'
import { quantile } from '../support/statistics.ts'

const VIEWPORT = { width: 1440, height: 900 }
const SIZES = ['500', '2000'] as const

/** How the editor feels on large pipelines, in a real browser. */
export const benchCase: BenchCase = {
  method:
    'headless Chromium without a GPU, 1440 × 900, the built editor, answers of the api made beside it (figures of every node change once a second); the pointer moves every 16 ms',
  columns: [
    { key: 'median', title: 'frame, median ms', digits: 1 },
    { key: 'worst', title: 'longest frame, ms', digits: 0 },
    { key: 'seconds', title: 'open, s', digits: 2 },
    { key: 'kilobytes', title: 'JavaScript, kB gzip', digits: 0 },
  ],
  async run(bench) {
    await buildApp()
    const host = await hostEditor(new Map(SIZES.map((size) => [size, wideGraph(Number(size))])))
    bench.atEnd(() => host.close())
    const browser = await chromium.launch({
      executablePath: await ensureChromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    })
    bench.atEnd(() => browser.close())
    return new EditorBench(bench, host, browser).run()
  },
}

class EditorBench {
  readonly #bench: BenchContext
  readonly #host: EditorHost
  readonly #browser: Browser

  constructor(bench: BenchContext, host: EditorHost, browser: Browser) {
    this.#bench = bench
    this.#host = host
    this.#browser = browser
  }

  async run(): Promise<readonly Figure[]> {
    const { quick } = this.#bench
    const rounds = quick ? 1 : 3
    const ms = quick ? 1_500 : 10_000
    const build = '/pipelines/500'
    const monitor = '/pipelines/500/monitor'
    return [
      ...(await this.#motion('pan Monitor, 500 nodes in view', {
        path: monitor,
        zoomsIn: false,
        rounds,
        ms,
      })),
      ...(await this.#motion('pan Monitor at 100 %', { path: monitor, zoomsIn: true, rounds, ms })),
      ...(await this.#motion('pan Build, 500 nodes in view', { path: build, zoomsIn: false, rounds, ms })),
      ...(await this.#motion('drag a node, 500 in view', {
        path: build,
        zoomsIn: false,
        drags: true,
        rounds,
        ms,
      })),
      ...(await this.#motion('drag a node at 100 %', {
        path: build,
        zoomsIn: true,
        drags: true,
        rounds,
        ms,
      })),
      await this.#open('open 2,000 nodes', '/pipelines/2000', rounds),
      await this.#initialScripts(),
    ]
  }

  /** Two rows: a figure has one goal. */
  async #motion(name: string, motion: Motion): Promise<readonly Figure[]> {
    const median: number[] = []
    const worst: number[] = []
    const raw: number[] = []
    for (let round = 0; round < motion.rounds; round++) {
      const frames = await this.#withPage(motion.path, (page) => framesOf(page, motion))
      median.push(quantile(frames, 0.5))
      worst.push(Math.max(...frames))
      raw.push(...frames)
      this.#bench.say(
        `${name}: median ${median.at(-1)?.toFixed(1)} ms, longest ${worst.at(-1)?.toFixed(0)} ms`,
      )
    }
    return [
      { name, samples: { median }, raw, goal: atMost('median', 17) },
      { name: `${name}: the longest`, samples: { worst }, goal: atMost('worst', 50) },
    ]
  }

  /** From the click on a link to the cards and connections on the screen. */
  async #open(name: string, path: string, rounds: number): Promise<Figure> {
    const seconds: number[] = []
    for (let round = 0; round < rounds; round++) {
      seconds.push(await this.#withPage(path, (page) => page.evaluate<number>('performance.now() / 1000')))
      this.#bench.say(`${name}: ${seconds.at(-1)?.toFixed(2)} s`)
    }
    return { name, samples: { seconds }, goal: atMost('seconds', 3) }
  }

  async #initialScripts(): Promise<Figure> {
    const page = await this.#browser.newPage()
    let bytes = 0
    const read: Promise<unknown>[] = []
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return
      read.push(response.body().then((body) => (bytes += gzipSync(body).length)))
    })
    await page.goto(`${this.#host.url}/pipelines`)
    await page.getByRole('link', { name: '500 nodes' }).first().waitFor()
    await Promise.all(read)
    await page.close()
    return {
      name: 'the list of pipelines',
      samples: { kilobytes: [bytes / 1_000] },
      goal: atMost('kilobytes', 400),
    }
  }

  /** A fresh page with the cards of a pipeline on it. */
  async #withPage<T>(path: string, use: (page: Page) => Promise<T>): Promise<T> {
    const page = await this.#browser.newPage({ viewport: VIEWPORT, reducedMotion: 'reduce' })
    await page.goto(`${this.#host.url}${path}`, { waitUntil: 'commit', ...PATIENCE })
    await page.waitForFunction(DRAWN, undefined, PATIENCE)
    const result = await use(page)
    await page.close()
    return result
  }
}

/** A figure that is far off its goal is still a figure. */
const PATIENCE = { timeout: 300_000 }

/** True once cards and connections are on the screen where they belong: fitted into view, and painted. */
const DRAWN = `new Promise((resolve) => {
  const isDrawn = () =>
    document.querySelector('.react-flow__node') !== null &&
    document.querySelector('.react-flow__edge-path') !== null &&
    !/scale\\(1\\)/.test(document.querySelector('.react-flow__viewport')?.style.transform ?? 'scale(1)')
  const look = () => (isDrawn() ? requestAnimationFrame(() => resolve(true)) : requestAnimationFrame(look))
  look()
})`

interface Motion {
  readonly path: string
  readonly zoomsIn: boolean
  readonly drags?: boolean
  readonly rounds: number
  readonly ms: number
}

async function framesOf(page: Page, { zoomsIn, drags = false, ms }: Motion): Promise<readonly number[]> {
  if (zoomsIn) await zoomIn(page)
  // What opening has left behind, such as the first preview, is no part of the motion.
  await page.waitForTimeout(2_000)
  const start = drags ? await aCard(page) : await emptyPlace(page)
  const session = await page.context().newCDPSession(page)
  return framesDuring(page, () => dragInCircle(session, start, { ms, radius: 60 }))
}

async function zoomIn(page: Page): Promise<void> {
  const percent = page.getByRole('toolbar', { name: 'Canvas tools' })
  while (Number(/(\d+) %/.exec((await percent.textContent()) ?? '')?.[1] ?? 100) < 95) {
    await page.getByRole('button', { name: 'Zoom in' }).click()
  }
}

/** The middle of a card near the middle of the canvas. */
async function aCard(page: Page): Promise<Point> {
  return await page.evaluate<Point>(`(() => {
    const box = document.querySelector('.react-flow').getBoundingClientRect()
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const places = [...document.querySelectorAll('.react-flow__node')].map((card) => {
      const { x, y, width, height } = card.getBoundingClientRect()
      return { x: x + width / 2, y: y + height / 2 }
    })
    const distance = ({ x, y }) => Math.hypot(x - middle.x, y - middle.y)
    return places.sort((a, b) => distance(a) - distance(b))[0]
  })()`)
}

/** A place where the canvas itself takes the pointer. */
async function emptyPlace(page: Page): Promise<Point> {
  return await page.evaluate<Point>(`(() => {
    const box = document.querySelector('.react-flow').getBoundingClientRect()
    for (let y = box.y + box.height * 0.4; y < box.bottom; y += 3)
      for (let x = box.x + box.width * 0.4; x < box.right; x += 3)
        if (document.elementFromPoint(x, y)?.classList.contains('react-flow__pane')) return { x, y }
    throw new Error('nothing of the canvas is free')
  })()`)
}

function atMost(column: string, value: number): Goal {
  return { column, kind: 'at most', value }
}
