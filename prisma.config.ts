import process from 'node:process'
import { PrismaPg } from '@prisma/adapter-pg'
import { defineConfig } from 'prisma/config'

/**
 * Configuration of the Prisma command line (generate, migrate). It runs without a native engine and without any
 * download: the schema engine is WebAssembly and speaks to Postgres through the same `pg` driver as the api. For
 * that, seven faults of Prisma 6.19.3 are worked around below; each is named where it is cured. Check them at every
 * upgrade. One is left: `migrate dev` on a new database applies the existing migrations, then fails with "shadow DB
 * must be provided through an external factory"; `migrate deploy` first, or the same command again, works.
 */

// Fault 1: the command line downloads a query engine that it never uses, unless told of a file that exists.
process.env.PRISMA_QUERY_ENGINE_LIBRARY ??= import.meta.filename

const forgottenTimersMs = [10_000, 60_000]

/** Fault 2: `migrate` leaves timers of 10 s and 60 s behind that keep the finished command from ending. */
function letForgottenTimersEnd(): void {
  const original = globalThis.setTimeout
  globalThis.setTimeout = ((callback: () => void, delayMs?: number, ...rest: unknown[]) => {
    const timer = original(callback, delayMs, ...(rest as []))
    if (delayMs !== undefined && forgottenTimersMs.includes(delayMs)) timer.unref()
    return timer
  }) as typeof setTimeout
}

letForgottenTimersEnd()

/**
 * Fault 3: the adapter cannot read catalogue types (name, "char", the reg… family) and fails with "Column type
 * 'name' could not be deserialized". They are text on the wire, so they are presented as text. Keys and values are
 * type ids from Postgres' pg_type.dat; 25 is text and 1009 is text[].
 */
const presentedAs: Readonly<Record<number, number>> = {
  18: 25, // "char"
  19: 25, // name
  24: 25, // regproc
  194: 25, // pg_node_tree
  1002: 1009, // "char"[]
  1003: 1009, // name[]
  2205: 25, // regclass
  2206: 25, // regtype
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>

interface QueryablePool {
  query(query: string | { text: string }): Promise<{ fields?: { dataTypeID: number }[] }>
}

/**
 * Fault 7: Postgres 18 lists "not null" among the constraints; the schema engine asks for all constraints but three
 * kinds, finds a kind that it does not know, and crashes. So it is made to leave out that kind as well.
 */
function withoutNotNullConstraints(sql: string): string {
  return sql.replace("contype NOT IN ('p', 'u', 'f')", "contype NOT IN ('p', 'u', 'f', 'n')")
}

function repair(adapter: Adapter): Adapter {
  const pool = adapter.underlyingDriver() as unknown as QueryablePool
  const query = pool.query.bind(pool)
  pool.query = async (asked) => {
    const result = await query(
      typeof asked === 'string' ? asked : { ...asked, text: withoutNotNullConstraints(asked.text) },
    )
    for (const field of result.fields ?? [])
      field.dataTypeID = presentedAs[field.dataTypeID] ?? field.dataTypeID
    return result
  }
  // Fault 4: the adapter splits a script at every semicolon, also inside functions and quoted text. Sent whole, a
  // script is one message and so one implicit transaction: a migration is applied entirely or not at all.
  adapter.executeScript = async (sql) => void (await adapter.executeRaw({ sql, args: [], argTypes: [] }))
  return adapter
}

class MigrationAdapter extends PrismaPg {
  override async connect() {
    return repair(await super.connect())
  }

  override async connectToShadowDb() {
    return repair(await super.connectToShadowDb())
  }
}

/**
 * Fault 5: with a connection string the driver ignores the `database` that Prisma sets for its shadow database, and
 * would use (and wipe) the real one instead. So the string is taken apart.
 */
function poolConfig(connectionString: string) {
  const url = new URL(connectionString)
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password) || undefined,
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: sslOptions(url.searchParams.get('sslmode')),
    // Fault 6: the pool is never closed; idle connections must not keep the finished command from ending.
    idleTimeoutMillis: 100,
    allowExitOnIdle: true,
  }
}

/** Certificates are verified unless the address says in so many words that they are not. */
function sslOptions(mode: string | null) {
  if (mode === null || mode === 'disable') return undefined
  return { rejectUnauthorized: mode !== 'no-verify' }
}

function databaseUrl(): string {
  const url = process.env.DATABASE_URL
  if (url) return url
  throw new Error(
    'DATABASE_URL is not set: give the address of the database, as in postgres://user:password@host:5432/millrace',
  )
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  experimental: { adapter: true },
  engine: 'js',
  adapter: async () => new MigrationAdapter(poolConfig(databaseUrl())),
})
