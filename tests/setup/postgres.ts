import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'

/** How a new database gets its tables. */
export interface DatabaseSchema {
  /** Changes whenever `apply` would give other tables. */
  version: string
  /** Creates the tables in the empty database at `url`. */
  apply(url: string): Promise<void>
}

/** A database of one test file. */
export interface TestDatabase {
  url: string
  /** Closes its connections and deletes it. */
  drop(): Promise<void>
}

/**
 * Creates a database that no other test uses. The schema is applied once per server, to a template; each database
 * is a copy of it, which takes a fraction of the time.
 *
 * @param serverUrl any database of the server, `inject('servers').postgres`
 */
export async function createTestDatabase(serverUrl: string, schema: DatabaseSchema): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await withClient(serverUrl, async (client) => {
    const template = await ensureTemplate(client, serverUrl, schema)
    await client.query(`create database ${name} template ${template}`)
  })
  const drop = () =>
    withClient(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`))
  return { url: databaseUrl(serverUrl, name), drop: async () => void (await drop()) }
}

/**
 * A version for a schema that is made of files: changes when one of them does.
 *
 * @param folder searched with its subfolders
 */
export async function folderVersion(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
  for (const file of files.sort()) {
    hash.update(path.relative(folder, file)).update('\0')
    hash.update(await readFile(file)).update('\0')
  }
  return hash.digest('hex')
}

// Any number that nothing else locks: test processes that need the same template wait for its maker.
const templateLock = 7_283_945

async function ensureTemplate(client: pg.Client, serverUrl: string, schema: DatabaseSchema): Promise<string> {
  const template = `template_${createHash('sha256').update(schema.version).digest('hex').slice(0, 16)}`
  await client.query('select pg_advisory_lock($1)', [templateLock])
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [template])
    if (found.rowCount === 0) await makeTemplate(client, serverUrl, schema, template)
    return template
  } finally {
    await client.query('select pg_advisory_unlock($1)', [templateLock])
  }
}

/** It gets its name only when it is whole, so that a failed attempt is never copied. */
async function makeTemplate(
  client: pg.Client,
  serverUrl: string,
  schema: DatabaseSchema,
  template: string,
): Promise<void> {
  const work = `${template}_new`
  await client.query(`drop database if exists ${work} with (force)`)
  await client.query(`create database ${work}`)
  await schema.apply(databaseUrl(serverUrl, work))
  await client.query(`alter database ${work} rename to ${template}`)
}

async function withClient<T>(url: string, action: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await action(client)
  } finally {
    await client.end()
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}
