import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type DatabaseSchema, folderVersion } from './postgres.ts'

const repository = path.join(import.meta.dirname, '..', '..')

/**
 * The tables of the api, made by its migrations; for `createTestDatabase`.
 *
 * @param root folder that holds prisma.config.ts, prisma/ and node_modules/
 */
export async function migratedSchema(root = repository): Promise<DatabaseSchema> {
  return {
    version: await folderVersion(path.join(root, 'prisma', 'migrations')),
    apply: async (url) => void (await runPrisma(['migrate', 'deploy'], url, root)),
  }
}

/**
 * Runs a command of Prisma on the database at `url` and gives what it printed.
 *
 * @throws Error with the output of a command that failed
 */
export async function runPrisma(args: readonly string[], url: string, root = repository): Promise<string> {
  const program = path.join(root, 'node_modules', '.bin', 'prisma')
  const env = { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  const command = [program, ...args, '--config', 'prisma.config.ts']
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root, env })
  return stdout
}
