import { existsSync, readFileSync } from 'node:fs'

/** What a process did in a stretch of time, and what it took. */
export interface Usage {
  readonly events: number
  readonly seconds: number
  /** User and system, all threads; NaN where the system does not tell. */
  readonly cpuSeconds: number
  /** Most memory held since the process began; NaN where the system does not tell. */
  readonly peakMegabytes: number
}

/** Clock ticks per second of /proc/<pid>/stat on Linux. */
const TICKS = 100

/** CPU seconds (user and system) that a process has used; NaN elsewhere than on Linux. */
export function cpuSeconds(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return Number.NaN
  const stat = readFileSync(file, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** The most memory a process has held so far, MB; NaN elsewhere than on Linux. */
export function peakMegabytes(pid: number): number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return Number.NaN
  const line = /VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))
  return Number(line?.[1] ?? Number.NaN) / 1024
}
