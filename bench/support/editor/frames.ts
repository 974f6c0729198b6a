import type { CDPSession, Page } from '@playwright/test'

/** A point of the page, px. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A pointer that moves on a fixed schedule, whether the page keeps up or not. */
const MOVE_MS = 16

/** Lengths of the frames that a page drew while something was done, ms. */
export async function framesDuring(page: Page, work: () => Promise<void>): Promise<readonly number[]> {
  await page.evaluate(START)
  await work()
  return (await page.evaluate('window.stopFrames()')) as readonly number[]
}

const START = `
  window.stopFrames = (() => {
    const lengths = []
    let last = null
    let isOver = false
    const tick = (now) => {
      if (isOver) return
      if (last !== null) lengths.push(now - last)
      last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    return () => {
      isOver = true
      return lengths
    }
  })()
`

/** Holds a button at a point and moves in a circle around it for so long, ms. */
export async function dragInCircle(
  session: CDPSession,
  start: Point,
  { ms, radius, button = 'left' }: { ms: number; radius: number; button?: 'left' | 'middle' },
): Promise<void> {
  const buttons = button === 'left' ? 1 : 4
  const send = (type: string, { x, y }: Point) =>
    session.send('Input.dispatchMouseEvent', { type, x, y, button, buttons, clickCount: 1 } as never)
  await send('mouseMoved', start)
  await send('mousePressed', start)
  const began = performance.now()
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - began
      const angle = (elapsed / 1_500) * 2 * Math.PI
      void send('mouseMoved', {
        x: start.x + radius * Math.sin(angle),
        y: start.y + radius * (1 - Math.cos(angle)),
      })
      if (elapsed < ms) return
      clearInterval(timer)
      resolve()
    }, MOVE_MS)
  })
  await send('mouseReleased', start)
}
