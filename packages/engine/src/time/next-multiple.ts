/**
 * The first multiple of an interval behind a time, negative ones too: when something that happens at every multiple
 * happens next.
 */
export function nextMultiple(time: number, interval: number): number {
  return (Math.floor(time / interval) + 1) * interval
}
