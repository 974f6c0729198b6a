/** Bounds of a pipeline document. Lengths count Unicode code points, depths count levels of nesting. */
export const LIMITS = {
  nodes: 5_000,
  /** From here on a warning: the canvas and the people who read it suffer before the machine does. */
  comfortableNodes: 500,
  edges: 20_000,
  name: 200,
  label: 200,
  note: 10_000,
  /** Pixels from the origin of the canvas. */
  coordinate: 1_000_000,
  /** Notes on the canvas, and as many groups. */
  canvasParts: 1_000,
  /** Pixels that a note may be wide and high. */
  noteSize: { min: 40, max: 4_000 },
  depth: 40,
  /** JSON values in the whole document. */
  values: 1_000_000,
  batchDepth: 16,
} as const

/** What an id of a node, edge, port or node type looks like. */
export const ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$'

/** True where a text has more Unicode code points than allowed. */
export function isLongerThan(text: string, limit: number): boolean {
  return text.length > limit && [...text].length > limit
}
