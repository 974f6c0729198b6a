import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { AppError } from './run-app.ts'

const ROOT = path.join(import.meta.dirname, '../..')

/**
 * Generates the database client and builds the editor; quick where nothing changed.
 *
 * @throws AppError with what the build printed
 */
export function buildApp(): void {
  const result = spawnSync(
    'turbo',
    ['run', 'generate', 'build', '--filter=@millrace/api', '--filter=@millrace/editor'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  )
  if (result.status !== 0) throw new AppError(`The build failed:\n${result.stdout}${result.stderr}`)
}
