import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Child, type ChildOptions } from './child-process.ts'

let logFolder: string

beforeAll(async () => {
  logFolder = await mkdtemp(path.join(tmpdir(), 'millrace-child-'))
})

afterAll(() => rm(logFolder, { recursive: true, force: true }))

function start(script: string, onRestart?: ChildOptions['onRestart']): Child {
  return new Child({ name: 'part', command: ['-e', script], env: {}, logFolder, onRestart })
}

/** How long a process may take to start and to print on a busy machine. */
const STARTS = { timeout: 30_000 }

const FOREVER = "console.log('up'); setInterval(() => {}, 1000)"

describe('a part of the product', () => {
  test('is alive until it ends, and leaves what it printed', async () => {
    const child = start("console.log('first'); console.error('second')")
    expect(child.alive).toBe(true)
    await child.ended()
    expect(child.alive).toBe(false)
    await vi.waitFor(async () => {
      expect((await readFile(child.logFile, 'utf8')).split('\n').sort()).toEqual(['', 'first', 'second'])
      expect(child.lastLines.split('\n').sort()).toEqual(['first', 'second'])
    }, STARTS)
  })

  test('is not started again when it was told to stop', async () => {
    const onRestart = vi.fn()
    const child = start(FOREVER, onRestart)
    await vi.waitFor(() => expect(child.lastLines).toBe('up'), STARTS)
    await child.stop()
    expect([child.alive, onRestart.mock.calls]).toEqual([false, []])
  })

  test('is not started again when it ends right after its start', async () => {
    const onRestart = vi.fn()
    await start('process.exit(3)', onRestart).ended()
    expect(onRestart).not.toHaveBeenCalled()
  })

  test('is started again when it ends unasked after a while', { timeout: 30_000 }, async () => {
    const onRestart = vi.fn()
    const child = start(FOREVER, onRestart)
    await vi.waitFor(() => expect(child.lastLines).toBe('up'), STARTS)
    const first = child.pid as number
    // Only what has lived for 5 s is worth another start.
    await new Promise((resolve) => setTimeout(resolve, 5_200))
    process.kill(first, 'SIGKILL')
    await vi.waitFor(() => expect(child.lastLines).toBe('up\nup'), STARTS)
    expect(onRestart.mock.calls).toEqual([['part', 'SIGKILL']])
    expect([child.alive, child.pid === first]).toEqual([true, false])
    await child.stop()
  })
})
