/**
 * A clock that never goes back, ms. Unlike `performance.now` it counts from the same moment in all processes of a
 * machine, so that a worker can compare its own times with those that its supervisor tells.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
