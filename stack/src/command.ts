import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { StackError } from './stack-error.ts'

/** A program to run, with everything that it needs. */
export interface Command {
  file: string
  args: readonly string[]
  /** Variables on top of this process's environment. */
  env?: Record<string, string>
  cwd?: string
  /** User and group to run as; only root may choose them. */
  user?: { uid: number; gid: number }
}

const keptCharacters = 8_000

/** Path of an executable in the folders of PATH, or undefined. */
export function findOnPath(name: string, searchPath = process.env.PATH ?? ''): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isExecutable)
}

/** Whether this process may execute the file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Runs a command to its end and gives what it printed (the last 8,000 characters of both streams).
 *
 * @throws StackError `STACK_COMMAND_FAILED` with `problem` as its sentence and the output as its detail
 */
export async function runCommand(command: Command, problem: string, signal?: AbortSignal): Promise<string> {
  const { code, output } = await finish(command, signal)
  signal?.throwIfAborted()
  if (code !== 0) throw new StackError('STACK_COMMAND_FAILED', problem, { detail: lastLines(output, 15) })
  return output
}

/** The last `count` lines that are not empty. */
export function lastLines(text: string, count: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n')
}

function finish(command: Command, signal?: AbortSignal): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(command.file, command.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...command.env },
      cwd: command.cwd,
      signal,
      ...command.user,
    })
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-keptCharacters)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    // A program that could not be started emits `error` and never `close`.
    child.once('error', (error) => resolve({ code: null, output: `${output}\n${error.message}` }))
    child.once('close', (code) => resolve({ code, output }))
  })
}
