import type { StageProgress } from '@millrace/engine'

/** How far a task is: the last record of each of its transactions in the changelog, and the only source of positions. */
export interface Position {
  readonly generation: number
  /** Number of the take-over that wrote it; also in the anchor, which may expire. */
  readonly fence: number
  /** A sealed task was ended for good; nobody runs it again. */
  readonly sealed: boolean
  /** By stateful node id: the birth of the rows that count. */
  readonly births: { readonly [nodeId: string]: number }
  /** By input name, see `InputCursor`. */
  readonly inputs: { readonly [name: string]: InputPosition }
  /** Null for a delivery task and before the first record. */
  readonly progress: StageProgress | null
}

/** How far one input is. */
export interface InputPosition {
  readonly topic: string
  /** Empty for a generator. */
  readonly topicId: string
  readonly partition: number
  /** Next offset to read; for a generator the next event. */
  readonly next: number
  /** For a generator: event time of its first event, epoch ms. */
  readonly start?: number
}

const VERSION = 1

/** The text of a position record. */
export function encodePosition(position: Position): string {
  return JSON.stringify({ version: VERSION, ...position })
}

/** Reads a position record; null for anything else. */
export function decodePosition(bytes: Uint8Array): Position | null {
  try {
    const { version, ...position } = JSON.parse(new TextDecoder().decode(bytes)) as Position & {
      version: number
    }
    return version === VERSION ? position : null
  } catch {
    return null
  }
}

/** What stands in the metadata of the group's offset of the task's changelog partition. */
export interface AnchorFacts {
  /** Number of the take-over that committed last; grows. */
  readonly fence: number
  readonly generation: number
  readonly sealed: boolean
}

/** The text of an anchor's metadata. */
export function encodeAnchor({ fence, generation, sealed }: AnchorFacts): string {
  return JSON.stringify({ f: fence, g: generation, ...(sealed && { sealed }) })
}

/** Reads an anchor's metadata; null for anything else. */
export function decodeAnchor(text: string): AnchorFacts | null {
  try {
    const { f, g, sealed } = JSON.parse(text) as { f: number; g: number; sealed?: boolean }
    if (!Number.isSafeInteger(f) || !Number.isSafeInteger(g)) return null
    return { fence: f, generation: g, sealed: sealed ?? false }
  } catch {
    return null
  }
}
