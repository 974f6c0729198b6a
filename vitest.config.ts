import { defineConfig } from 'vitest/config'

const pure = ['packages/*/src/**/*.test.ts']
const apps = [
  'api/src/**/*.test.ts',
  'executor/src/**/*.test.ts',
  'stack/src/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/**/*.test.ts',
]
const needsServers = [
  'packages/*/src/**/*.it.test.ts',
  'api/src/**/*.it.test.ts',
  'executor/src/**/*.it.test.ts',
  'stack/src/**/*.it.test.ts',
  'tests/**/*.it.test.ts',
]

/** A test that takes longer hangs, also on a busy machine. */
const HANG_MS = 60_000

/**
 * Projects: `unit` needs nothing but Node; `editor` runs in jsdom; `it` starts the real servers once
 * (tests/setup/servers.ts) and hands their addresses to the tests with `inject('servers')`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [...pure, ...apps, 'tests/unit/**/*.test.ts'],
          exclude: ['**/*.it.test.ts', '**/node_modules/**'],
          // What the files load is pure: loading it once per worker takes a third of the time.
          isolate: false,
          testTimeout: HANG_MS,
          hookTimeout: HANG_MS,
        },
      },
      {
        extends: './editor/vite.config.ts',
        test: {
          name: 'editor',
          root: './editor',
          environment: 'jsdom',
          include: ['src/**/*.test.{ts,tsx}'],
          setupFiles: ['./src/test-setup.ts'],
          testTimeout: HANG_MS,
          hookTimeout: HANG_MS,
        },
      },
      {
        test: {
          name: 'it',
          include: needsServers,
          globalSetup: ['tests/setup/servers.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
