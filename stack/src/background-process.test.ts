import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { endProcess, logTail, startInBackground } from './background-process.ts'
import type { Command } from './command.ts'
import { isRunning } from './pid-file.ts'

let folder: string
let started: { pid: number; identity: string }[]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-background-'))
  started = []
})

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const each of started) await endProcess(each, 'SIGKILL', 10_000)
  rmSync(folder, { recursive: true })
})

/** Runs a line of shell; the `sleep` keeps the process until the test ends it. */
async function start(line: string, more: Partial<Command> = {}): Promise<{ pid: number; identity: string }> {
  const args = ['-c', `${line}; exec sleep 600`]
  const launched = await startInBackground({ file: '/bin/sh', args, ...more }, folder)
  if (!launched) throw new Error(logTail(folder))
  started.push(launched)
  return launched
}

async function untilLogged(text: string): Promise<void> {
  await expect.poll(() => logTail(folder), { timeout: 10_000 }).toContain(text)
}

describe('startInBackground', () => {
  test('writes what the process prints to the log, and keeps the log of the run before', async () => {
    await start('echo first; echo trouble >&2')
    await untilLogged('trouble')
    await start('echo second')
    await untilLogged('second')
    expect(logTail(folder)).toBe('second')
    expect(readFileSync(path.join(folder, 'server.log.1'), 'utf8')).toBe('first\ntrouble\n')
  })

  test('hands on the variables of the command, and of its own only the harmless ones', async () => {
    vi.stubEnv('MILLRACE_SECRET_KEY', 'canary')
    await start('env; echo end', { env: { GIVEN: 'yes' } })
    await untilLogged('end')
    const environment = readFileSync(path.join(folder, 'server.log'), 'utf8')
    expect(environment).toContain('GIVEN=yes')
    expect(environment).toContain(`PATH=${process.env.PATH}`)
    expect(environment).not.toContain('canary')
  })

  test('gives nothing for a program that does not exist', async () => {
    expect(await startInBackground({ file: path.join(folder, 'absent'), args: [] }, folder)).toBeUndefined()
  })
})

describe('endProcess', () => {
  test('is true once the process is gone', async () => {
    const running = await start('true')
    expect(await endProcess(running, 'SIGTERM', 10_000)).toBe(true)
    expect(isRunning(running)).toBe(false)
  })

  test('is false when the process outlasts its patience', async () => {
    const running = await start("trap '' TERM; echo stubborn")
    await untilLogged('stubborn')
    expect(await endProcess(running, 'SIGTERM', 0)).toBe(false)
    expect(isRunning(running)).toBe(true)
  })

  test('does no harm to another process that was given the pid', async () => {
    const running = await start('true')
    expect(await endProcess({ ...running, identity: 'earlier' }, 'SIGKILL', 0)).toBe(true)
    expect(isRunning(running)).toBe(true)
  })
})
