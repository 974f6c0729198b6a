import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, lastLines } from './command.ts'
import { isRunning, type ServerProcess } from './pid-file.ts'
import { processIdentity } from './process-identity.mjs'

const pollMs = 25

function logFile(folder: string): string {
  return path.join(folder, 'server.log')
}

/**
 * Starts a process that outlives this one, in a process group of its own so that Ctrl-C in a terminal does not
 * reach it, and without the variables that it does not need. Its output goes to `server.log` in `folder`; the log of the
 * run before is kept as `server.log.1`.
 *
 * @returns undefined when it could not be started or ended at once; the log says why
 */
export async function startInBackground(
  command: Command,
  folder: string,
): Promise<Omit<ServerProcess, 'port'> | undefined> {
  const log = openLog(folder)
  try {
    const child = spawn(command.file, command.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...harmlessEnvironment(), ...command.env },
      cwd: command.cwd ?? folder,
      ...command.user,
    })
    const failure = new Promise<void>((resolve) => child.once('error', () => resolve()))
    child.unref()
    if (child.pid === undefined) {
      await failure
      return undefined
    }
    const identity = processIdentity(child.pid)
    return identity === undefined ? undefined : { pid: child.pid, identity }
  } finally {
    closeSync(log)
  }
}

// A server has no use for the rest, which may hold secrets, and outlives the process that had reason to hold them.
const inheritedVariables = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'JAVA_TOOL_OPTIONS']

function harmlessEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(inheritedVariables.map((name) => [name, process.env[name]]))
}

function openLog(folder: string): number {
  const file = logFile(folder)
  if (existsSync(file)) renameSync(file, `${file}.1`)
  return openSync(file, 'a')
}

/** The end of what the latest process of `folder` printed, at most 15 lines; empty when there is nothing. */
export function logTail(folder: string): string {
  return existsSync(logFile(folder)) ? lastLines(readFileSync(logFile(folder), 'utf8').slice(-8_000), 15) : ''
}

/**
 * Sends a signal to a process and waits until it is gone.
 *
 * @returns false when it still runs after `patienceMs`
 */
export async function endProcess(
  target: Omit<ServerProcess, 'port'>,
  signal: NodeJS.Signals,
  patienceMs: number,
): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  if (isRunning(target)) sendSignal(target.pid, signal)
  while (isRunning(target)) {
    if (Date.now() > deadline) return false
    await sleep(pollMs)
  }
  return true
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
