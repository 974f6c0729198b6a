import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { requireRedisVersion } from './redis.ts'
import { ensureChromium, ensureRedisServer } from './system-packages.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-path-'))
  vi.stubEnv('PATH', folder)
  vi.stubEnv('CHROMIUM_PATH', '')
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

function addProgram(name: string, mode = 0o755): string {
  const file = path.join(folder, name)
  writeFileSync(file, '')
  chmodSync(file, mode)
  return file
}

describe('ensureRedisServer', () => {
  test('finds the program on PATH and installs nothing', async () => {
    const file = addProgram('redis-server')
    const installing = vi.fn()
    expect(await ensureRedisServer({ installing })).toBe(file)
    expect(installing).not.toHaveBeenCalled()
  })

  test('tells an ordinary user which package to install', async () => {
    addProgram('apt-get')
    vi.spyOn(process, 'getuid').mockReturnValue(1000)
    await expect(ensureRedisServer()).rejects.toMatchObject({
      code: 'STACK_PROGRAM_MISSING',
      message: expect.stringContaining('"sudo apt-get install redis-server"'),
    })
  })

  test('tells root on a system without apt which package to install', async () => {
    vi.spyOn(process, 'getuid').mockReturnValue(0)
    await expect(ensureRedisServer()).rejects.toMatchObject({ code: 'STACK_PROGRAM_MISSING' })
  })
})

describe('ensureChromium', () => {
  test('takes CHROMIUM_PATH before PATH', async () => {
    addProgram('chromium')
    const chosen = addProgram('my-browser')
    vi.stubEnv('CHROMIUM_PATH', chosen)
    expect(await ensureChromium()).toBe(chosen)
  })

  test('refuses a CHROMIUM_PATH that cannot be run', async () => {
    vi.stubEnv('CHROMIUM_PATH', addProgram('text-file', 0o644))
    await expect(ensureChromium()).rejects.toMatchObject({ code: 'STACK_BAD_SETTING' })
  })

  test('finds Chromium under either of its names', async () => {
    const file = addProgram('chromium-browser')
    expect(await ensureChromium()).toBe(file)
  })
})

describe('requireRedisVersion', () => {
  test.each(['7.0.15', '7.2.11', '8.0.0', '10.1.0'])('lets Redis %s pass', (version) => {
    expect(() =>
      requireRedisVersion(`Redis server v=${version} sha=00000000:0 malloc=jemalloc`),
    ).not.toThrow()
  })

  test.each(['Redis server v=6.2.20 sha=0', 'Redis server v=5.0.3 sha=0', 'something else'])(
    'refuses %j',
    (answer) => {
      expect(() => requireRedisVersion(answer)).toThrow(
        expect.objectContaining({ code: 'STACK_PROGRAM_TOO_OLD' }),
      )
    },
  )
})
