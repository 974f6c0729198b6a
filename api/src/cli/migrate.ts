import { execFile } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

const REPOSITORY = path.join(import.meta.dirname, '..', '..', '..')

/** Brings the database up to date. Two at once wait for each other. */
export async function migrate(databaseUrl: string): Promise<void> {
  const prisma = path.join(REPOSITORY, 'node_modules', '.bin', 'prisma')
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  }
  const args = [prisma, 'migrate', 'deploy', '--config', 'prisma.config.ts']
  await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY, env })
}
