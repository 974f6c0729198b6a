import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'

/**
 * Runs a script on the Node that runs this one; resolves with what it printed, rejects with what it complained of.
 *
 * @param signal ends it
 */
export async function runCommand(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...command], {
      env: { ...process.env, ...env },
      signal,
    })
    return stdout.trim()
  } catch (error) {
    const { stderr, stdout } = error as { stderr?: string; stdout?: string }
    throw new Error([stdout, stderr].filter(Boolean).join('\n').trim() || String(error), { cause: error })
  }
}
