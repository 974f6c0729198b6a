import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { processIdentity } from './process-identity.mjs'

/** A server process that some process of ours started. */
export interface ServerProcess {
  pid: number
  /** Tells it from a later process with the same pid, see `processIdentity`. */
  identity: string
  /** The port that it was started with. */
  port: number
}

function pidFile(folder: string): string {
  return path.join(folder, 'server.pid.json')
}

/** Notes the server that runs in `folder`, so that any process can find and stop it. */
export function writePidFile(folder: string, server: ServerProcess): void {
  const file = pidFile(folder)
  writeFileSync(`${file}.new`, JSON.stringify(server))
  renameSync(`${file}.new`, file)
}

/** The server that runs in `folder`; undefined when none was noted or the noted one has ended. */
export function readPidFile(folder: string): ServerProcess | undefined {
  const noted = parse(pidFile(folder))
  return noted && isRunning(noted) ? noted : undefined
}

/** Forgets the server of `folder`. */
export function removePidFile(folder: string): void {
  rmSync(pidFile(folder), { force: true })
}

/** Whether this very process still runs, as opposed to another one that was given its pid. */
export function isRunning(server: Pick<ServerProcess, 'pid' | 'identity'>): boolean {
  return processIdentity(server.pid) === server.identity
}

function parse(file: string): ServerProcess | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isServerProcess(value) ? value : undefined
  } catch {
    // Absent, or cut short by a full disk: either way nothing is known.
    return undefined
  }
}

function isServerProcess(value: unknown): value is ServerProcess {
  if (typeof value !== 'object' || value === null) return false
  const { pid, identity, port } = value as Record<string, unknown>
  return Number.isInteger(pid) && Number(pid) > 1 && typeof identity === 'string' && Number.isInteger(port)
}
