import { fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { renderInApp } from '../testing/render.tsx'
import { stubSilentWorkers } from '../testing/silent-workers.ts'
import { createTourStore, TOUR_STEPS, type TourStore } from './tour-store.ts'
import { TourOffer, TourStrip } from './tour-strip.tsx'
import { watchTour } from './tour-watcher.ts'

function memory() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

let storage: ReturnType<typeof memory>
let tour: TourStore
beforeEach(() => {
  storage = memory()
  tour = createTourStore(storage)
})
afterEach(() => vi.unstubAllGlobals())

describe('the tour', () => {
  test('is offered once: who leaves it is not asked again, and finds it where it was left', () => {
    renderInApp(
      <>
        <TourOffer tour={tour} />
        <TourStrip tour={tour} />
      </>,
    )
    fireEvent.click(screen.getByRole('button', { name: 'Take the tour' }))
    screen.getByText(/1 of 5: Pick an example/)
    fireEvent.click(screen.getByRole('button', { name: 'Skip this' }))
    fireEvent.click(screen.getByRole('button', { name: 'Leave the tour' }))
    expect(screen.queryByRole('region')).toBeNull()
    const later = createTourStore(storage)
    expect(later.getState()).toEqual({ status: 'left', step: 1 })
    later.start()
    expect(later.getState()).toEqual({ status: 'running', step: 1 })
  })

  test('ends with a word, and begins anew when it is asked for again', () => {
    tour.start()
    for (const { id } of TOUR_STEPS) tour.reached(id)
    renderInApp(<TourStrip tour={tour} />)
    fireEvent.click(screen.getByRole('button', { name: 'Close the tour' }))
    expect(tour.getState()).toEqual({ status: 'left', step: TOUR_STEPS.length })
    tour.start()
    expect(tour.getState()).toEqual({ status: 'running', step: 0 })
  })

  test('goes on only by what it waits for, and not while it is left', () => {
    tour.reached('pick')
    expect(tour.getState().step).toBe(0)
    tour.start()
    tour.reached('publish')
    expect(tour.getState().step).toBe(0)
    tour.reached('pick')
    tour.back()
    tour.back()
    expect(tour.getState()).toEqual({ status: 'running', step: 0 })
  })

  test.each(['', '{', '{"status":"odd","step":1}', '{"status":"running","step":99}'])(
    'starts anew over %j',
    (kept) => {
      storage.setItem('millrace.tour', kept)
      expect(createTourStore(storage).getState()).toEqual({ status: 'new', step: 0 })
    },
  )

  test('sees what is done in an open pipeline', () => {
    stubSilentWorkers()
    tour.start()
    const workspace = openForTest(orderPipeline())
    const stop = watchTour(workspace, tour)
    expect(tour.getState().step).toBe(1)
    workspace.view.select(['filter'])
    workspace.preview.store.setState({ rows: { nodeId: 'filter', preview: null, inputs: [] } })
    expect(tour.getState().step).toBe(2)
    workspace.document.edit({ kind: 'set-label', nodeId: 'filter', label: 'x' }, { label: 'x' })
    expect(tour.getState().step).toBe(2)
    const config = { mode: 'keep', condition: 'total > 5' }
    workspace.document.edit({ kind: 'set-config', nodeId: 'filter', config }, { label: 'x' })
    expect(tour.getState().step).toBe(3)
    workspace.setLive({ version: 1, graph: orderPipeline(), publishedAt: 0 })
    expect(tour.getState().step).toBe(4)
    stop()
    workspace.dispose()
  })
})
