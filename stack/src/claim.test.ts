import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claimFolder, releaseFolder } from './claim.ts'
import { writePidFile } from './pid-file.ts'
import { processIdentity } from './process-identity.mjs'

let folder: string
let other: ChildProcess

beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'millrace-claim-')), 'app')
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
})

afterEach(() => {
  other.kill('SIGKILL')
  rmSync(path.dirname(folder), { recursive: true })
})

/** Notes the other process as the one that works in the folder. */
function claimedByOther(): void {
  claimFolder(folder, 1)
  const pid = other.pid as number
  writePidFile(folder, { pid, identity: processIdentity(pid) ?? '', port: 4000 })
}

describe('a folder', () => {
  test('is ours where nobody has it, as often as we ask', () => {
    expect(claimFolder(folder, 4000)).toBeUndefined()
    expect(claimFolder(folder, 4001)).toBeUndefined()
  })

  test('that another process has tells where that one can be reached', () => {
    claimedByOther()
    expect(claimFolder(folder, 4001)).toMatchObject({ pid: other.pid, port: 4000 })
  })

  test('of a process that died, or gave it back, is ours', async () => {
    claimedByOther()
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect(claimFolder(folder, 4001)).toBeUndefined()
    claimedByOther()
    releaseFolder(folder)
    expect(claimFolder(folder, 4001)).toBeUndefined()
  })
})
