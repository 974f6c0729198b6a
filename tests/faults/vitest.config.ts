import path from 'node:path'
import { defineConfig } from 'vitest/config'

/**
 * Tests that kill processes or wear things out: `npm run faults`. Those named `*.faults.test.ts` take too long for
 * `npm test`; the others are part of it too.
 */
export default defineConfig({
  test: {
    root: path.join(import.meta.dirname, '../..'),
    include: ['tests/faults/**/*.test.ts'],
    globalSetup: ['tests/setup/servers.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
