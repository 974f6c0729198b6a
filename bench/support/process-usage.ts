import { readFileSync } from 'node:fs'

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

/** CPU seconds (user and system) that a process and those it started have used; NaN elsewhere than on Linux. */
export function cpuSeconds(pid: number): number {
  return sumOverTree(pid, 'stat', (stat) => {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  })
}

/** The most memory a process has held so far and those it started, each for itself, MB; NaN elsewhere than on Linux. */
export function peakMegabytes(pid: number): number {
  return sumOverTree(pid, 'status', (status) => Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

/** The memory that a process holds now and those it started, each for itself, MB; NaN elsewhere than on Linux. */
export function heldMegabytes(pid: number): number {
  return sumOverTree(pid, 'status', (status) => Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

function sumOverTree(pid: number, file: string, valueIn: (text: string) => number): number {
  const own = readProc(`${pid}/${file}`)
  if (own === null) return Number.NaN
  const children = (readProc(`${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean)
  // A child that has ended in between is left out.
  const rest = children.map((child) => sumOverTree(Number(child), file, valueIn)).filter(Number.isFinite)
  return rest.reduce((sum, value) => sum + value, valueIn(own))
}

function readProc(file: string): string | null {
  try {
    return readFileSync(`/proc/${file}`, 'utf8')
  } catch {
    return null
  }
}
