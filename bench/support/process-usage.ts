import { readFileSync } from 'node:fs'

/** Clock ticks per second of /proc/<pid>/stat on Linux. */
const TICKS = 100

/** CPU seconds (user and system) that a process has used; Linux only. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** The most memory a process has held so far, MB; Linux only. */
export function peakMegabytes(pid: number): number {
  const line = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? 0) / 1024
}
