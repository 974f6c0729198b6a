import type { Row } from '@millrace/expr'
import type { WindowConfig } from './settings.ts'

/*
 * What windows mean, the slow and obvious way: all events are kept in lists and every window is looked at again after
 * every step. It shares no code with the node, and was written from the rules alone.
 */

/** An event that a model is told of. */
export interface ModelEvent {
  readonly key: string | null
  readonly n: number
  readonly time: number
}

/** A window of a key with the events in it, in order of arrival. */
export interface ModelWindow {
  readonly key: string | null
  readonly start: number
  readonly end: number
  readonly events: ModelEvent[]
  /** Early updates: what was sent last. */
  shown: Row | null
  /** Early updates: the watermark at which what came since then is sent. */
  next: number
}

/** What becomes of an event. */
export type Fate = 'taken' | 'late' | 'between'

/** Starts and ends of all windows that a time belongs to. */
export type WindowsOf = (time: number) => [start: number, end: number][]

/** The windows of a time by kind; sessions are made of events. */
export function windowsOf({ kind, size, slide, step, offset }: WindowConfig): WindowsOf {
  if (kind === 'cumulative') {
    return (time) => {
      const period = Math.floor((time - offset) / size) * size + offset
      const ends = Array.from({ length: size / step }, (_, i) => period + (i + 1) * step)
      return ends.filter((end) => end > time).map((end) => [period, end])
    }
  }
  const every = kind === 'hopping' ? slide : size
  return (time) => {
    const found: [number, number][] = []
    for (let start = time - size + 1; start <= time; start++)
      if (Number.isInteger((start - offset) / every)) found.push([start, start + size])
    return found
  }
}

/** The first multiple of an interval from `origin` on, less one, that is not before `start` and beyond the watermark. */
function nextInterval(origin: number, start: number, watermark: number, every: number): number {
  let time = origin - 1
  const bound = Math.max(watermark, start - 1)
  while (time > bound) time -= every
  while (time <= bound) time += every
  return time
}

/** Tumbling, hopping and cumulative windows. */
export class FixedModel {
  readonly windows: ModelWindow[] = []
  readonly #config: WindowConfig
  readonly #windowsOf: WindowsOf

  constructor(config: WindowConfig, windowsOfTime = windowsOf(config)) {
    this.#config = config
    this.#windowsOf = windowsOfTime
  }

  take(event: ModelEvent, watermark: number): Fate {
    const all = this.#windowsOf(event.time)
    const open = all.filter(([, end]) => end - 1 + this.#config.allowedLateness > watermark)
    for (const [start, end] of open) this.#takeInto(event, start, end, watermark)
    if (all.length === 0) return 'between'
    return open.length === 0 ? 'late' : 'taken'
  }

  /** Early updates: those of hopping windows are sent together, for a key. */
  isEarly(window: ModelWindow, watermark: number): boolean {
    const group = this.#config.kind === 'hopping' ? this.windows : [window]
    return group.some(({ key, next }) => key === window.key && next <= watermark)
  }

  #takeInto(event: ModelEvent, start: number, end: number, watermark: number): void {
    const window = this.#window(event.key, start, end)
    window.events.push(event)
    const { kind, earlyUpdates: every, offset } = this.#config
    if (every === null) return
    const from = kind === 'hopping' ? [offset, this.#paneStart(event.time)] : [start, start]
    const next = nextInterval(from[0] as number, from[1] as number, watermark, every)
    window.next = Math.min(window.next, next)
  }

  /** The earliest time that belongs to the same windows. */
  #paneStart(time: number): number {
    const same = JSON.stringify(this.#windowsOf(time))
    let start = time
    while (JSON.stringify(this.#windowsOf(start - 1)) === same) start--
    return start
  }

  #window(key: string | null, start: number, end: number): ModelWindow {
    const known = this.windows.find((one) => one.key === key && one.start === start && one.end === end)
    if (known) return known
    const window: ModelWindow = { key, start, end, events: [], shown: null, next: Infinity }
    this.windows.push(window)
    return window
  }
}

/** Sessions: lists of events, merged whenever they touch. */
export class SessionModel {
  readonly #config: WindowConfig
  #windows: ModelWindow[] = []

  constructor(config: WindowConfig) {
    this.#config = config
  }

  get windows(): readonly ModelWindow[] {
    return this.#windows
  }

  take(event: ModelEvent, watermark: number): Fate {
    const { gap, earlyUpdates: every } = this.#config
    const parts = this.#windows.filter(
      ({ key, start, end }) => key === event.key && start <= event.time + gap && event.time <= end,
    )
    const open = parts.filter(({ end }) => !this.#isOver(end, watermark))
    const events = [...open.flatMap((part) => part.events), event]
    const times = events.map(({ time }) => time)
    const [start, end] = [Math.min(...times), Math.max(...times) + gap]
    if (this.#isOver(end, watermark)) return 'late'
    // An early result of the session that begins there stays until the next one.
    const shown = every === null ? null : (open.find((part) => part.start === start)?.shown ?? null)
    const next = every === null ? Infinity : nextInterval(start, start, watermark, every)
    this.#windows = this.#windows.filter((one) => !open.includes(one))
    this.#windows.push({ key: event.key, start, end, events, shown, next })
    return 'taken'
  }

  isEarly({ next }: ModelWindow, watermark: number): boolean {
    return next <= watermark
  }

  #isOver(end: number, watermark: number): boolean {
    return end - 1 + this.#config.allowedLateness <= watermark
  }
}
