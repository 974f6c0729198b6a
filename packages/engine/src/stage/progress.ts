import type { WatermarkEntry } from '../time/watermark-tracker.ts'
import type { Counters } from './counters.ts'

/** What a stage must know again after a restart, beside state rows and offsets. JSON, for the `position` record. */
export interface StageProgress {
  /** By input name, then by contributor: watermark (null: none yet) and idleness. */
  readonly inputs: {
    readonly [input: string]: { readonly [name: string]: readonly [number | null, boolean] }
  }
  /** By operator id: its watermark. */
  readonly operators: { readonly [id: string]: number | null }
  /** By operator or source id. */
  readonly counters: { readonly [id: string]: Readonly<Counters> }
}

/** Entries of an input as JSON. */
export function packEntries(
  entries: ReadonlyMap<string, WatermarkEntry>,
): Record<string, [number | null, boolean]> {
  return Object.fromEntries(
    [...entries].map(([name, { watermark, idle }]) => [name, [packTime(watermark), idle]]),
  )
}

/** The inverse of `packEntries`. */
export function unpackEntries(packed: StageProgress['inputs'][string]): Map<string, WatermarkEntry> {
  return new Map(
    Object.entries(packed).map(([name, [watermark, idle]]) => [
      name,
      { watermark: unpackTime(watermark), idle },
    ]),
  )
}

/** A watermark as JSON, which knows no infinity. */
export function packTime(watermark: number): number | null {
  return Number.isFinite(watermark) ? watermark : null
}

/** The inverse of `packTime`. */
export function unpackTime(packed: number | null | undefined): number {
  return packed ?? Number.NEGATIVE_INFINITY
}
