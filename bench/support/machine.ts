import { spawnSync } from 'node:child_process'
import { availableParallelism, loadavg, totalmem } from 'node:os'

/** What a figure was measured on. It names no machine. */
export interface Machine {
  readonly platform: string
  readonly cores: number
  readonly gigabytes: number
  readonly node: string
  /** Processes that wanted to run, mean of the last minute: more than the bench's own means that others work here. */
  readonly load: number
}

/** This machine, now. */
export function thisMachine(): Machine {
  return {
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
    gigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  }
}

/** In words. */
export function machineText({ platform, cores, gigabytes, node, load }: Machine): string {
  return `${cores} cores, ${gigabytes} GB, ${platform}, Node ${node}, load ${load}`
}

/** The commit that is checked out, with a `+` where files differ from it; empty outside a repository. */
export function commitOf(folder: string): string {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' })
  const head = git('rev-parse', '--short', 'HEAD')
  if (head.status !== 0) return ''
  return head.stdout.trim() + (git('status', '--porcelain').stdout.trim() === '' ? '' : '+')
}
