import path from 'node:path'
import { defineConfig } from 'vitest/config'

/**
 * Long tests that are no part of `npm test`. Run them with
 * `vitest run --config tests/faults/vitest.config.ts`, on the pinned Node (`node scripts/run.mjs` finds it).
 */
export default defineConfig({
  test: {
    root: path.join(import.meta.dirname, '../..'),
    include: ['tests/faults/**/*.faults.test.ts'],
    globalSetup: ['tests/setup/servers.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
