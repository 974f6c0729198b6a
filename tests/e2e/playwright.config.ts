import path from 'node:path'
import { defineConfig } from '@playwright/test'

const ROOT = path.join(import.meta.dirname, '../..')

/** One browser and one world for all tests: they run one after the other, and none is tried twice. */
export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.e2e.ts',
  globalSetup: path.join(import.meta.dirname, 'global-setup.ts'),
  outputDir: path.join(ROOT, 'test-results/e2e'),
  reporter: 'list',
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Nothing glides while a test aims at it.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    // Without a film: it would cost more than all the rest.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      // Without QUIC and a GPU: in containers both only cost time. As root Chromium has no sandbox.
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    },
  },
})
