import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HoppingGrid, type Pane } from './hopping-grid.ts'

/** Starts of the windows that hold a time, looked for one by one. */
function windowsOf(time: number, size: number, slide: number, offset: number): number[] {
  const starts: number[] = []
  for (let start = time - size + 1; start <= time; start++) {
    if (Number.isInteger((start - offset) / slide)) starts.push(start)
  }
  return starts
}

const shape = fc.record({
  size: fc.integer({ min: 1, max: 30 }),
  slide: fc.integer({ min: 1, max: 30 }),
  offset: fc.integer({ min: -29, max: 29 }),
  time: fc.integer({ min: -100, max: 100 }),
})

describe('the panes of hopping windows', () => {
  it('lie within the same windows as all their times', () => {
    fc.assert(
      fc.property(shape, ({ size, slide, offset, time }) => {
        const grid = new HoppingGrid(size, slide, offset)
        const pane = grid.paneOf(time)
        expect(pane.start <= time && time < pane.end).toBe(true)
        const starts = windowsOf(time, size, slide, offset)
        for (let inside = pane.start; inside < pane.end; inside++) {
          expect(grid.paneOf(inside)).toEqual(pane)
          expect(windowsOf(inside, size, slide, offset)).toEqual(starts)
        }
        expectEnds(grid, pane, starts)
      }),
      { numRuns: 2000 },
    )
  })

  it('are at most two for each slide', () => {
    const grid = new HoppingGrid(60_000, 7001, 0)
    const panes = new Set(Array.from({ length: 60_000 }, (_, time) => grid.paneOf(time).start))
    expect(panes.size).toBeLessThanOrEqual(2 * Math.ceil(60_000 / 7001))
  })

  it('are followed by the next end of a window', () => {
    fc.assert(
      fc.property(shape, ({ size, slide, offset, time }) => {
        let end = time + 1
        while (!Number.isInteger((end - size - offset) / slide)) end++
        expect(new HoppingGrid(size, slide, offset).endAfter(time)).toBe(end)
      }),
    )
  })
})

function expectEnds(grid: HoppingGrid, pane: Pane, starts: readonly number[]): void {
  const [first, last] = [starts[0], starts.at(-1)]
  if (first === undefined || last === undefined) expect(grid.lastEnd(pane)).toBeLessThan(pane.end)
  else expect([grid.firstEnd(pane), grid.lastEnd(pane)]).toEqual([first + grid.size, last + grid.size])
}
