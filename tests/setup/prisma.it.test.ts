import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from './postgres.ts'
import { migratedSchema, runPrisma } from './prisma.ts'

const repository = path.join(import.meta.dirname, '..', '..')

const schema = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Note {
  id   Int    @id
  text String
}
`

const firstMigration = `CREATE TABLE "Note" ("id" INTEGER NOT NULL PRIMARY KEY, "text" TEXT NOT NULL);
CREATE FUNCTION answer() RETURNS int AS $$ BEGIN RETURN 42; END; $$ LANGUAGE plpgsql;
INSERT INTO "Note" VALUES (answer(), 'one; two');
`

let root: string
let database: TestDatabase

async function addMigration(name: string, sql: string): Promise<void> {
  const folder = path.join(root, 'prisma', 'migrations', name)
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'migration.sql'), sql)
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** A project of its own, with the repository's configuration, packages and one migration. */
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'millrace-prisma-'))
  await copyFile(path.join(repository, 'prisma.config.ts'), path.join(root, 'prisma.config.ts'))
  await symlink(path.join(repository, 'node_modules'), path.join(root, 'node_modules'))
  await writeFile(path.join(root, 'package.json'), '{ "type": "module" }')
  await addMigration('0_first', firstMigration)
  await writeFile(path.join(root, 'prisma', 'schema.prisma'), schema)
  await writeFile(path.join(root, 'prisma', 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n')
  database = await createTestDatabase(inject('servers').postgres, await migratedSchema(root))
})

afterEach(async () => {
  await database.drop()
  await rm(root, { recursive: true })
})

describe('prisma.config.ts', () => {
  test('applies a migration whose functions and texts hold semicolons', async () => {
    expect(await query('select * from "Note"')).toEqual([{ id: 42, text: 'one; two' }])
  })

  test('applies a failing migration not at all', async () => {
    await addMigration('1_broken', 'CREATE TABLE half (id int);\nSELECT no_such_function();')
    await expect(runPrisma(['migrate', 'deploy'], database.url, root)).rejects.toThrow('no_such_function')
    expect(await query("select to_regclass('half') as half")).toEqual([{ half: null }])
  })

  test('compares migrations with the schema in a shadow database and leaves the real one alone', async () => {
    const compare = [
      '--from-migrations',
      'prisma/migrations',
      '--to-schema-datamodel',
      'prisma/schema.prisma',
    ]
    const output = await runPrisma(['migrate', 'diff', ...compare, '--exit-code'], database.url, root)
    expect(output).toContain('No difference detected')
    expect(await query('select count(*)::int as notes from "Note"')).toEqual([{ notes: 1 }])
  })

  test('sees what the schema has and the migrations have not', async () => {
    const file = path.join(root, 'prisma', 'schema.prisma')
    await writeFile(file, schema.replace('text String', 'text String\n  stars Int?'))
    const compare = [
      '--from-migrations',
      'prisma/migrations',
      '--to-schema-datamodel',
      'prisma/schema.prisma',
    ]
    const output = await runPrisma(['migrate', 'diff', ...compare, '--script'], database.url, root)
    expect(output).toContain('ADD COLUMN     "stars" INTEGER')
  })
})
