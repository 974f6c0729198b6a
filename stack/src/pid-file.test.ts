import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isRunning, readPidFile, removePidFile, type ServerProcess, writePidFile } from './pid-file.ts'
import { processIdentity } from './process-identity.mjs'

let folder: string
let child: ChildProcess

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-pid-'))
  child = spawn('sleep', ['600'])
  await once(child, 'spawn')
})

afterEach(() => {
  child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function running(): ServerProcess {
  const pid = child.pid ?? 0
  return { pid, identity: processIdentity(pid) ?? '', port: 19092 }
}

describe('a pid file', () => {
  test('gives back the server that was noted while it runs', () => {
    const server = running()
    writePidFile(folder, server)
    expect(readPidFile(folder)).toEqual(server)
  })

  test('says nothing once the process has ended', async () => {
    writePidFile(folder, running())
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(readPidFile(folder)).toBeUndefined()
  })

  test('does not take another process that was given the same pid for the server', () => {
    const server = { ...running(), identity: `${processIdentity(process.pid)}` }
    writePidFile(folder, server)
    expect(readPidFile(folder)).toBeUndefined()
    expect(isRunning(server)).toBe(false)
  })

  test.each([
    '',
    '{"pid":',
    '{"pid":0,"identity":"a","port":1}',
    '{"pid":"1","identity":"a","port":1}',
    'null',
  ])('says nothing when it holds %j', (text) => {
    writeFileSync(path.join(folder, 'server.pid.json'), text)
    expect(readPidFile(folder)).toBeUndefined()
  })

  test('is forgotten when removed, and may be removed twice', () => {
    writePidFile(folder, running())
    removePidFile(folder)
    removePidFile(folder)
    expect(readPidFile(folder)).toBeUndefined()
  })
})

describe('processIdentity', () => {
  test('is the same for a process at any time and differs between processes', () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid))
    expect(processIdentity(process.pid)).not.toBe(running().identity)
  })

  test('is undefined for a pid that no process has', () => {
    expect(processIdentity(2 ** 30)).toBeUndefined()
  })
})
