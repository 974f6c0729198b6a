import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureJars, type JarSet } from './jar-cache.ts'
import { findJdk } from './jdk.ts'
import { kafkaSettings } from './settings.ts'

let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-stack-'))
})

afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('the jar cache', () => {
  test('is filled once by several that need the same jars at once', async () => {
    const folder = path.join(dataDir, 'cache')
    let fetches = 0
    const jars: JarSet = {
      name: 'kafka',
      version: kafkaSettings.version,
      sources: ['kafka.pom.xml'],
      arrange: (from, target) => rm(from, { recursive: true }).then(() => mkdir(path.join(target, 'lib'))),
    }
    const options = { cacheDir: folder, jdk: findJdk(), onFetch: () => fetches++ }
    const entries = await Promise.all([1, 2, 3].map(() => ensureJars(jars, options)))
    expect(new Set(entries).size).toBe(1)
    expect(fetches).toBe(1)
    expect((await readdir(folder)).toSorted()).toEqual(
      [path.basename(entries[0] ?? ''), 'maven.lock'].toSorted(),
    )
  })

  test('says so when Maven cannot fetch the jars', async () => {
    const folder = path.join(dataDir, 'no-cache')
    const jars = {
      name: 'kafka',
      version: '0.0.0',
      sources: ['kafka.pom.xml'],
      arrange: async () => undefined,
    }
    await expect(ensureJars(jars, { cacheDir: folder, jdk: findJdk() })).rejects.toMatchObject({
      code: 'STACK_COMMAND_FAILED',
      message: expect.stringContaining('could not fetch kafka 0.0.0'),
    })
    expect(await readdir(folder)).toEqual(['maven.lock'])
  })
})
