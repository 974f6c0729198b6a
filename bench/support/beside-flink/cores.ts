import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const STATUS = '/proc/self/status'

/** Which cores the engine has, and which all others: broker, load, measurement. */
export interface Cores {
  /** For `taskset`, such as `1` or `2,3`. */
  readonly engine: string
  readonly rest: string
  /** Of the engine. */
  readonly count: number
}

/**
 * Half of the cores for the engine, at least one; the other ones for the rest.
 *
 * @param available the numbers of the cores that there are
 * @throws Error where they cannot be given out
 */
export function shareCores(available: readonly number[]): Cores {
  if (available.length < 2) {
    throw new Error('two cores are needed: one for the engine, one for the broker and the load')
  }
  const count = Math.floor(available.length / 2)
  return { engine: available.slice(-count).join(','), rest: available.slice(0, -count).join(','), count }
}

/** The numbers of the cores that this process may use; none where the system does not tell. */
export function allowedCores(): readonly number[] {
  const status = existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : ''
  return coresIn(/^Cpus_allowed_list:\s*(.*)$/m.exec(status)?.[1] ?? '')
}

/** The numbers in a list such as `0-2,7`. */
export function coresIn(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').filter(Boolean).map(Number)
    return from === undefined || to === undefined
      ? []
      : Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}

/** A command in front of another one that binds it, and all that it starts, to cores. */
export function boundTo(cores: string): readonly string[] {
  return ['taskset', '-c', cores]
}

/**
 * Binds a process that runs, with all its threads.
 *
 * @throws Error where there is no `taskset`, or no such process
 */
export function bindProcess(pid: number, cores: string): void {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', cores, String(pid)], { stdio: 'pipe' })
  } catch (error) {
    throw new Error('processes cannot be bound to cores: Linux with taskset (package util-linux) is needed', {
      cause: error,
    })
  }
}
