/** The length of an animation, ms; none for those who asked for less motion. */
export function motionMs(ms: number): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : ms
}
