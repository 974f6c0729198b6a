import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withFileLock } from './file-lock.mjs'
import { processIdentity } from './process-identity.mjs'

const module = pathToFileURL(path.join(import.meta.dirname, 'file-lock.mjs')).href

let lock: string
let children: ChildProcess[]

beforeEach(() => {
  lock = mkdtempSync(path.join(tmpdir(), 'millrace-lock-'))
  children = []
})

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(lock, { recursive: true })
})

/** A process that takes the lock, prints "held" and keeps it until it is killed. */
async function holder(): Promise<ChildProcess> {
  const code = `const { withFileLock } = await import(${JSON.stringify(module)})
    await withFileLock(${JSON.stringify(lock)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1e6)) })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code])
  children.push(child)
  await once(child.stdout ?? child, 'data')
  return child
}

describe('withFileLock', () => {
  test('lets one caller in at a time and loses no update', async () => {
    let inside = 0
    let mostInside = 0
    let total = 0
    const add = async () => {
      mostInside = Math.max(mostInside, ++inside)
      const before = total
      await new Promise((resolve) => setImmediate(resolve))
      total = before + 1
      inside--
    }
    await Promise.all(Array.from({ length: 20 }, () => withFileLock(lock, add)))
    expect({ mostInside, total }).toEqual({ mostInside: 1, total: 20 })
  })

  test('gives back what the action gives, and leaves no file behind', async () => {
    expect(await withFileLock(lock, async () => 'result')).toBe('result')
    expect(readdirSync(lock)).toEqual([])
  })

  test('is free again after an action that failed', async () => {
    const failing = withFileLock(lock, () => Promise.reject(new Error('broken')))
    await expect(failing).rejects.toThrow('broken')
    expect(await withFileLock(lock, () => 'next')).toBe('next')
  })

  test('waits for another process and goes on when that is killed', async () => {
    const child = await holder()
    let entered = false
    const waited = Promise.withResolvers<void>()
    const mine = withFileLock(lock, () => (entered = true), { onWait: waited.resolve })
    await waited.promise
    expect(entered).toBe(false)
    child.kill('SIGKILL')
    await mine
    expect(entered).toBe(true)
  })

  test('removes the files of processes that are gone', async () => {
    writeFileSync(path.join(lock, `ticket.1.${2 ** 30}.gone-1.ab`), '')
    writeFileSync(path.join(lock, `choosing.0.${process.pid}.earlier-1.cd`), '')
    await withFileLock(lock, () => undefined)
    expect(readdirSync(lock)).toEqual([])
  })

  test('waits while a living process is choosing its ticket', async () => {
    const choosing = path.join(lock, `choosing.0.${process.pid}.${processIdentity(process.pid)}.ff`)
    writeFileSync(choosing, '')
    let entered = false
    const waited = Promise.withResolvers<void>()
    const mine = withFileLock(lock, () => (entered = true), { onWait: waited.resolve })
    await waited.promise
    expect(entered).toBe(false)
    rmSync(choosing)
    await mine
    expect(entered).toBe(true)
  })

  test('gives up waiting when it is aborted', async () => {
    await holder()
    const abort = new AbortController()
    const mine = withFileLock(lock, () => 'entered', {
      signal: abort.signal,
      onWait: () => abort.abort(new Error('enough')),
    })
    await expect(mine).rejects.toThrow('enough')
    expect(readdirSync(lock)).toHaveLength(1)
  })
})
