import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'

// Plain JavaScript for Node 20: scripts/run.mjs uses it before anything is installed.

/**
 * What tells a process from a later one with the same (recycled) pid: the boot it belongs to and its start time.
 * Undefined when no such process runs; a zombie counts as gone.
 *
 * @param {number} pid
 * @returns {string | undefined} letters, digits and dashes only
 */
export function processIdentity(pid) {
  return process.platform === 'linux' ? linuxIdentity(pid) : portableIdentity(pid)
}

/** @param {number} pid */
function linuxIdentity(pid) {
  const stat = readOrUndefined(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The command name (field 2) may hold spaces and brackets, so fields are counted from its closing bracket:
  // first the state (field 3), later the number of threads (20) and the start time in clock ticks since boot (22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, threads, startTime] = [fields[0], Number(fields[17]), fields[19]]
  // A process whose first thread has ended while others have not still holds its ports and files.
  if (state === 'X' || (state === 'Z' && threads <= 1)) return undefined
  const boot = readOrUndefined('/proc/sys/kernel/random/boot_id') ?? ''
  return `${boot.slice(0, 8)}-${startTime}`
}

/** @param {number} pid */
function portableIdentity(pid) {
  const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  if (answer.error) return isAlive(pid) ? 'alive' : undefined
  return answer.stdout.trim().replace(/[^A-Za-z0-9]+/g, '-') || undefined
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** @param {string} path */
function readOrUndefined(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
