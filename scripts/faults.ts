import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { faultsArguments } from './faults-arguments.ts'

/**
 * `npm run faults`: everything in tests/faults, also what takes too long for `npm test`. Arguments go to vitest:
 * `npm run faults -- demo-kill`. Options of its own play the storm alone: `--seed N`, `--events N` and `--kills N` again
 * or in another size, `--long` with ten million payments and two hundred kills; `fleet/membership --seed N` plays the coming
 * and going of executors again.
 */
const { vitest, env } = faultsArguments(process.argv.slice(2))
const { status } = spawnSync('vitest', ['run', '--config', 'tests/faults/vitest.config.ts', ...vitest], {
  cwd: path.dirname(import.meta.dirname),
  env: { ...process.env, ...env },
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
process.exitCode = status ?? 1
