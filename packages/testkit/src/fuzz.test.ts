import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

describe('fuzz', () => {
  let folder: string
  let seedFile: string

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'millrace-fuzz-'))
    seedFile = path.join(folder, 'seeds.json')
    writeFileSync(seedFile, '[]')
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it('passes for a property that holds', () =>
    fuzz(
      fc.asyncProperty(fc.integer(), async (n) => {
        expect(n - n).toBe(0)
      }),
      { seedFile, runs: 20 },
    ))

  it('says which seed to keep, and that seed fails again', async () => {
    const property = fc.asyncProperty(fc.nat(1000), async (n) => n < 500)
    const failure = await fuzz(property, { seedFile, runs: 200 }).catch((error: Error) => error.message)
    const kept = /\{"seed".*\}/.exec(String(failure))?.[0] ?? ''
    writeFileSync(seedFile, `[${kept}]`)
    await expect(fuzz(property, { seedFile, runs: 1 })).rejects.toThrow('[500]')
  })
})
