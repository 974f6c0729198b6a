import { eventsOf, type LateRow, type Lineage, type PreviewRow } from '@millrace/engine'
import type { Field, Value } from '@millrace/expr'
import { MASK } from '@millrace/graph'
import { formatValue } from './format-value.ts'

/** Names of the fields by which a result says which window it is of. */
export const WINDOW_START = 'window_start'
export const WINDOW_END = 'window_end'

/** One event on the timeline. */
export interface Dot {
  readonly time: number
  /** How far the watermark was beyond it when it came too late, ms; null where it was in time. */
  readonly lateBy: number | null
  /** Places in the list of windows. */
  readonly windows: readonly number[]
}

/** A window of a group, or one of all groups where they have the same ones. */
export interface TimelineWindow {
  readonly start: number
  readonly end: number
  /** The lane it is in; null where it spans all. */
  readonly lane: number | null
  readonly events: number
  /** More may follow: the sample ended before it, whether or not it has sent early results. */
  readonly isOpen: boolean
}

/** Events of one group. */
export interface Lane {
  readonly label: string
  readonly dots: readonly Dot[]
}

/** The windows of a node with the events that fall into them. */
export interface Timeline {
  /** Epoch ms; what lies outside is not drawn. */
  readonly from: number
  readonly to: number
  readonly lanes: readonly Lane[]
  /** Groups that have no lane of their own, and events outside. */
  readonly otherGroups: number
  readonly outside: number
  readonly windows: readonly TimelineWindow[]
  readonly late: number
  /** Epoch ms; null where there is none yet. */
  readonly watermark: number | null
  /** True where windows of one group overlap or those of groups differ: each is drawn in its lane. */
  readonly isPerLane: boolean
}

/** What a timeline is made of. */
export interface TimelineInput {
  readonly in: readonly PreviewRow[]
  readonly out: readonly PreviewRow[]
  readonly late: readonly LateRow[]
  readonly watermark: number | null
  readonly inFields: readonly Field[]
  readonly outFields: readonly Field[]
  readonly sensitive: ReadonlySet<string>
  /** One lane for each group, or one for all. */
  readonly lanes: 'groups' | 'one'
}

/** Groups that get a lane, those with the most events first. */
export const MOST_LANES = 12
/** Windows that are drawn. */
export const MOST_WINDOWS = 600

/** True where rows of these fields are results of windows that this node makes, of rows of those. */
export function isWindowed(inFields: readonly Field[], outFields: readonly Field[]): boolean {
  const has = (fields: readonly Field[], name: string) => fields.some((field) => field.name === name)
  return has(outFields, WINDOW_START) && has(outFields, WINDOW_END) && !has(inFields, WINDOW_START)
}

/** Lays out windows and events. The results of a preview say which events they were made of. */
export function timelineOf(input: TimelineInput): Timeline {
  const groups = groupReader(input)
  const lateBy = new Map(input.late.map((row) => [keyOf(row.events), row.watermark - row.time]))
  const groupNames = groupsOf(input, groups)
  const laneNames = input.lanes === 'one' ? [''] : groupNames.slice(0, MOST_LANES)
  const laneOf = new Map(laneNames.map((name, i) => [name, i]))
  const { windows, byEvent, isPerLane } = windowsOf(input, groups, laneOf)
  const { from, to } = rangeOf(input.in, windows)
  const lanes = laneNames.map((label): { label: string; dots: Dot[] } => ({ label, dots: [] }))
  let outside = 0
  for (const row of input.in) {
    const lane = lanes[input.lanes === 'one' ? 0 : (laneOf.get(groups.ofInput(row)) ?? -1)]
    if (row.time < from || row.time >= to) outside++
    else {
      const found = new Set(eventsOf(row.events).flatMap((event) => byEvent.get(event) ?? []))
      const own = [...found].filter((i) => isIn(windows[i], row.time))
      lane?.dots.push({ time: row.time, lateBy: lateBy.get(keyOf(row.events)) ?? null, windows: own })
    }
  }
  return {
    ...{ from, to, lanes, outside, windows, isPerLane },
    otherGroups: input.lanes === 'one' ? 0 : groupNames.length - laneNames.length,
    late: input.late.length,
    watermark: input.watermark,
  }
}

function isIn(window: TimelineWindow | undefined, time: number): boolean {
  return window !== undefined && time >= window.start && time < window.end
}

/** Late rows are found among those that came in by what they were made of. */
function keyOf(events: Lineage): string {
  return String(events)
}

function groupReader({ inFields, outFields, sensitive }: TimelineInput) {
  const end = outFields.findIndex(({ name }) => name === WINDOW_START)
  const names = outFields.slice(0, end)
  const places = names.map(({ name }) => inFields.findIndex((field) => field.name === name))
  // Groups that are told apart by masked values alone share a lane: their number would tell something, too.
  const text = (value: Value, { name, type }: Field) =>
    sensitive.has(name) && value !== null ? MASK : formatValue(value, type)
  return {
    ofInput: ({ row }: PreviewRow) =>
      names.map((field, i) => text(row[places[i] as number] ?? null, field)).join(' · '),
    ofOutput: ({ row }: PreviewRow) => names.map((field, i) => text(row[i] ?? null, field)).join(' · '),
  }
}

type Groups = ReturnType<typeof groupReader>

function groupsOf({ in: rows }: TimelineInput, groups: Groups): readonly string[] {
  const counts = Map.groupBy(rows, groups.ofInput)
  return [...counts].sort(([a, m], [b, n]) => n.length - m.length || (a < b ? -1 : 1)).map(([name]) => name)
}

interface Span {
  readonly start: number
  readonly end: number
  readonly group: string
  readonly events: Lineage
  readonly open: boolean
}

function windowsOf(input: TimelineInput, groups: Groups, laneOf: ReadonlyMap<string, number>) {
  const place = (name: string) => input.outFields.findIndex((field) => field.name === name)
  const [start, end] = [place(WINDOW_START), place(WINDOW_END)]
  const spans = input.out.flatMap((row): Span[] =>
    row.deleted
      ? []
      : [
          {
            start: Number(row.row[start]),
            end: Number(row.row[end]),
            group: groups.ofOutput(row),
            events: row.events,
            open: row.open,
          },
        ],
  )
  const isPerLane = overlap(spans)
  const shown = isPerLane && input.lanes === 'groups' ? spans.filter(({ group }) => laneOf.has(group)) : spans
  const merged = Map.groupBy(shown, (span) =>
    isPerLane && input.lanes === 'groups'
      ? `${span.start} ${span.end} ${span.group}`
      : `${span.start} ${span.end}`,
  )
  const byEvent = new Map<number, number[]>()
  const windows = [...merged.values()]
    .sort(([a], [b]) => (a?.start ?? 0) - (b?.start ?? 0) || (a?.end ?? 0) - (b?.end ?? 0))
    .slice(0, MOST_WINDOWS)
    .map((of, i): TimelineWindow => {
      const events = new Set(of.flatMap((span) => eventsOf(span.events)))
      for (const event of events) byEvent.set(event, [...(byEvent.get(event) ?? []), i])
      const [first] = of as [Span, ...Span[]]
      return {
        ...{ start: first.start, end: first.end, events: events.size },
        lane: isPerLane && input.lanes === 'groups' ? (laneOf.get(first.group) ?? null) : null,
        isOpen: of.some(({ open }) => open) || isAhead(first.end, input.watermark),
      }
    })
  return { windows, byEvent, isPerLane }
}

/** True while the watermark has not reached the last millisecond of a window. */
function isAhead(end: number, watermark: number | null): boolean {
  return watermark === null || watermark < end - 1
}

/** True where one moment is in several different windows. */
function overlap(spans: readonly Span[]): boolean {
  const distinct = new Map(spans.map(({ start, end }) => [`${start} ${end}`, { start, end }]))
  const sorted = [...distinct.values()].sort((a, b) => a.start - b.start || a.end - b.end)
  return sorted.some(({ start }, i) => i > 0 && start < (sorted[i - 1]?.end ?? 0))
}

/** Share of the events that may lie outside at each end, so that one from long ago does not squeeze all others. */
const OUTLIERS = 0.01

function rangeOf(rows: readonly PreviewRow[], windows: readonly TimelineWindow[]) {
  const times = rows.map(({ time }) => time).sort((a, b) => a - b)
  const cut = Math.floor(times.length * OUTLIERS)
  const first = times[cut] ?? windows[0]?.start ?? 0
  const last = times[times.length - 1 - cut] ?? first
  const near = windows.filter(({ start, end }) => end > first && start <= last)
  const from = near.reduce((least, { start }) => Math.min(least, start), first)
  const to = near.reduce((most, { end }) => Math.max(most, end), last + 1)
  return { from, to }
}
