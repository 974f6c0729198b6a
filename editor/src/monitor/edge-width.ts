const MIN = 1.5
const MAX = 8
/** Events per second at which an edge is as wide as it gets. */
const FULL_RATE = 100_000

/** The width of an edge, px: from 1.5 to 8, as the logarithm of its rate (events per second). */
export function edgeWidth(rate: number): number {
  const share = Math.log10(1 + Math.max(0, rate)) / Math.log10(1 + FULL_RATE)
  return MIN + Math.min(1, share) * (MAX - MIN)
}
