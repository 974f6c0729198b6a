import { readFileSync } from 'node:fs'

/** What a process and those that it started hold in memory now, MB each; empty elsewhere than on Linux. */
export function residentMegabytes(pid: number): number[] {
  const status = readProc(`${pid}/status`)
  if (status === null) return []
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
  const children = (readProc(`${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean)
  return [own, ...children.flatMap((child) => residentMegabytes(Number(child)))]
}

function readProc(file: string): string | null {
  try {
    return readFileSync(`/proc/${file}`, 'utf8')
  } catch {
    return null
  }
}
