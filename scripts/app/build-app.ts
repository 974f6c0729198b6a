import { execFile } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { AppError } from './run-app.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const BUILD = ['run', 'generate', 'build', '--filter=@millrace/api', '--filter=@millrace/editor']
const MAX_OUTPUT = 64 * 1024 * 1024

/**
 * Generates the database client and builds the editor; quick where nothing changed.
 *
 * @param signal ends it
 * @throws AppError with what the build printed
 */
export async function buildApp(signal?: AbortSignal): Promise<void> {
  const options = { cwd: ROOT, shell: process.platform === 'win32', maxBuffer: MAX_OUTPUT, signal }
  try {
    await promisify(execFile)('turbo', BUILD, options)
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new AppError(`The build failed:\n${stdout}${stderr}`.trim(), { cause: error })
  }
}
