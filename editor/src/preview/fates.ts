import type { NodePreview, PreviewRow } from '@millrace/engine'

/** What became of a row that went into a node. */
export type Fate =
  | { readonly kind: 'dropped'; readonly cause: string }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly message: string }

/** By the place a row came from: its fate, where it went no further. */
export type Fates = ReadonlyMap<string, Fate>

type Origin = PreviewRow['origin']

/** The name of the place a row came from; null for rows made of several. */
export function originKey(origin: Origin): string | null {
  return origin && `${origin.topic}/${origin.partition}/${origin.offset}`
}

/** The fates of all rows that did not go through a node. */
export function fatesOf({ dropped, late, errors }: NodePreview): Fates {
  const found: (readonly [Origin, Fate])[] = [
    ...dropped.map(({ origin, cause }) => [origin, { kind: 'dropped', cause }] as const),
    ...late.map(({ origin }) => [origin, { kind: 'late' }] as const),
    ...errors.map(({ origin, message }) => [origin, { kind: 'failed', message }] as const),
  ]
  return new Map(
    found.flatMap(([origin, fate]) => {
      const key = originKey(origin)
      return key === null ? [] : [[key, fate] as const]
    }),
  )
}

/** Rows that were dropped for one reason. */
export interface DroppedGroup {
  readonly cause: string
  /** Index of the input at which they came. */
  readonly input: number
  readonly rows: NodePreview['dropped']
}

/** What was dropped, by cause and input, the most frequent first. */
export function droppedByCause({ dropped }: NodePreview): readonly DroppedGroup[] {
  const groups = Map.groupBy(dropped, ({ cause, input }) => `${input}/${cause}`)
  return [...groups.values()]
    .flatMap((rows) => rows.slice(0, 1).map(({ cause, input }) => ({ cause, input, rows })))
    .sort((a, b) => b.rows.length - a.rows.length)
}
