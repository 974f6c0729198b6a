import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'

/**
 * `npm run faults`: everything in tests/faults, also what takes too long for `npm test`. Arguments go to vitest:
 * `npm run faults -- demo-kill`.
 */
const { status } = spawnSync(
  'vitest',
  ['run', '--config', 'tests/faults/vitest.config.ts', ...process.argv.slice(2)],
  { cwd: path.dirname(import.meta.dirname), stdio: 'inherit', shell: process.platform === 'win32' },
)
process.exitCode = status ?? 1
