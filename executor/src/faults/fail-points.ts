import { appendFileSync } from 'node:fs'

/**
 * Places at which the fault tests kill the process. Without `MILLRACE_FAILPOINT` none does anything.
 */
export type FailPoint =
  | 'before-produce'
  | 'after-produce'
  | 'after-offsets'
  | 'end-sent'
  | 'after-commit'
  | 'mid-restore'
  | 'mid-bulk'
  | 'after-bulk'

/** `<point>` or `<point>#<n>`: die when the point is reached for the n-th time. */
const armed = process.env.MILLRACE_FAILPOINT?.split('#')
let left = Number(armed?.[1] ?? 1)

/**
 * Dies on the spot (SIGKILL) where a test armed this point, the supervisor too: the whole pod is gone. The test learns of
 * it from the file it named.
 */
export function failPoint(point: FailPoint): void {
  if (armed?.[0] !== point || --left > 0) return
  if (process.env.MILLRACE_FAILPOINT_LOG) appendFileSync(process.env.MILLRACE_FAILPOINT_LOG, `${point}\n`)
  process.kill(process.ppid, 'SIGKILL')
  process.kill(process.pid, 'SIGKILL')
}
