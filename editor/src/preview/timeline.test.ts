import type { LateRow, PreviewRow } from '@millrace/engine'
import { scalar, type Value } from '@millrace/expr'
import { MASK } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { isWindowed, type TimelineInput, timelineOf } from './timeline.ts'

const inFields = [
  { name: 'region', type: scalar('string') },
  { name: 'total', type: scalar('double') },
]
const outFields = [
  { name: 'region', type: scalar('string') },
  { name: 'window_start', type: scalar('timestamp', false) },
  { name: 'window_end', type: scalar('timestamp', false) },
  { name: 'n', type: scalar('int64', false) },
]

const row = (values: Value[], time: number, events: PreviewRow['events'], open = false): PreviewRow => ({
  ...{ row: values, time, origin: null, open, events },
})
const event = (number: number, region: string, time: number) => row([region, 1], time, number)
const late = (number: number, region: string, time: number, watermark: number): LateRow => ({
  ...event(number, region, time),
  watermark,
})
const bits = (...events: number[]) => Uint32Array.of(events.reduce((all, one) => all | (1 << one), 0))

const given: TimelineInput = {
  in: [event(0, 'EU', 1_000), event(1, 'EU', 11_000), event(2, 'US', 12_000), event(3, 'EU', 2_000)],
  out: [
    row(['EU', 0, 10_000, 1], 9_999, 0),
    row(['EU', 10_000, 20_000, 1], 19_999, 1, true),
    row(['US', 10_000, 20_000, 1], 19_999, 2, true),
  ],
  late: [late(3, 'EU', 2_000, 11_500)],
  watermark: 12_000,
  inFields,
  outFields,
  sensitive: new Set(),
  lanes: 'groups',
}

describe('the timeline of tumbling windows', () => {
  const timeline = timelineOf(given)

  test('has the windows of all groups once, with their events', () => {
    expect(timeline.isPerLane).toBe(false)
    expect(timeline.windows).toEqual([
      { start: 0, end: 10_000, lane: null, events: 1, isOpen: false },
      { start: 10_000, end: 20_000, lane: null, events: 2, isOpen: true },
    ])
    expect([timeline.from, timeline.to, timeline.watermark, timeline.late]).toEqual([0, 20_000, 12_000, 1])
  })

  test('are open until the watermark is past them, though their early results are whole', () => {
    const out = [row(['EU', 10_000, 20_000, 1], 19_999, 1)]
    const isOpen = (watermark: number) => timelineOf({ ...given, out, watermark }).windows[0]?.isOpen
    expect([12_000, 19_998, 19_999].map(isOpen)).toEqual([true, true, false])
  })

  test('has a lane for each group, the one with the most events first; late events are in no window', () => {
    expect(timeline.lanes).toEqual([
      {
        label: 'EU',
        dots: [
          { time: 1_000, lateBy: null, windows: [0] },
          { time: 11_000, lateBy: null, windows: [1] },
          { time: 2_000, lateBy: 9_500, windows: [] },
        ],
      },
      { label: 'US', dots: [{ time: 12_000, lateBy: null, windows: [1] }] },
    ])
  })

  test('has one lane where one is wanted', () => {
    const { lanes } = timelineOf({ ...given, lanes: 'one' })
    expect(lanes.map(({ label, dots }) => [label, dots.length])).toEqual([['', 4]])
  })

  test('masks sensitive groups', () => {
    const { lanes } = timelineOf({ ...given, sensitive: new Set(['region']) })
    expect(lanes.map(({ label }) => label)).toEqual([MASK])
  })
})

test('windows that overlap or are of one group alone are drawn in the lane of their group', () => {
  const sessions = {
    ...given,
    out: [row(['EU', 1_000, 5_000, 1], 4_999, bits(0, 3)), row(['US', 2_000, 13_000, 1], 12_999, 2)],
  }
  const { isPerLane, windows, lanes } = timelineOf(sessions)
  expect(isPerLane).toBe(true)
  expect(windows.map(({ lane, events }) => [lane, events])).toEqual([
    [0, 2],
    [1, 1],
  ])
  expect(lanes[0]?.dots[0]?.windows).toEqual([0])
  // A hopping event is in each of its windows.
  const hopping = { ...given, out: [row(['EU', 0, 10_000, 1], 0, 0), row(['EU', -5_000, 5_000, 1], 0, 0)] }
  expect(timelineOf(hopping).lanes[0]?.dots[0]?.windows).toEqual([0, 1])
})

test('few events from long ago do not squeeze all others', () => {
  const rows = Array.from({ length: 200 }, (_, i) => event(i, 'EU', 1e12 + i))
  const timeline = timelineOf({ ...given, in: [event(0, 'EU', 5), ...rows], out: [], late: [] })
  expect(timeline.from).toBeGreaterThan(1e12 - 1)
  expect(timeline.outside).toBeGreaterThan(0)
})

test('only nodes that make the windows have a timeline', () => {
  expect(isWindowed(inFields, outFields)).toBe(true)
  expect(isWindowed(outFields, outFields)).toBe(false)
  expect(isWindowed(inFields, inFields)).toBe(false)
})

test('has nothing where there is nothing', () => {
  const { lanes, windows } = timelineOf({ ...given, in: [], out: [], late: [] })
  expect([lanes, windows]).toEqual([[], []])
})
