import { mkdirSync } from 'node:fs'
import process from 'node:process'
import { readPidFile, removePidFile, type ServerProcess, writePidFile } from './pid-file.ts'
import { processIdentity } from './process-identity.mjs'

/**
 * Notes that this process works in a folder, unless another one that still runs does. A process that died has left
 * nothing behind.
 *
 * @param port where this process can be reached
 * @returns the other process; undefined where the folder is ours now
 */
export function claimFolder(folder: string, port: number): ServerProcess | undefined {
  mkdirSync(folder, { recursive: true })
  const other = readPidFile(folder)
  if (other !== undefined && other.pid !== process.pid) return other
  writePidFile(folder, { pid: process.pid, identity: processIdentity(process.pid) ?? '', port })
  return undefined
}

/** Gives a folder back. */
export function releaseFolder(folder: string): void {
  removePidFile(folder)
}
