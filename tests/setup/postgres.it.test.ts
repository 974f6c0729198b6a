import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type DatabaseSchema, folderVersion } from './postgres.ts'

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** A schema with one table that counts how often it was applied. */
function notesSchema(version: string): DatabaseSchema & { applied: number } {
  return {
    version,
    applied: 0,
    async apply(url) {
      this.applied++
      await query(url, 'create table note (text text not null)')
    },
  }
}

describe('createTestDatabase', () => {
  test('applies the schema once and gives each caller a database of its own', async () => {
    const schema = notesSchema(`once ${Date.now()}`)
    const [a, b] = await Promise.all([
      createTestDatabase(inject('servers').postgres, schema),
      createTestDatabase(inject('servers').postgres, schema),
    ])
    await query(a.url, "insert into note values ('only in a')")
    expect(await query(a.url, 'select text from note')).toEqual([{ text: 'only in a' }])
    expect(await query(b.url, 'select text from note')).toEqual([])
    expect(schema.applied).toBe(1)
    await Promise.all([a.drop(), b.drop()])
  })

  test('never copies a template whose schema could not be applied', async () => {
    const version = `broken ${Date.now()}`
    const broken: DatabaseSchema = {
      version,
      async apply(url) {
        await query(url, 'create table half (id int)')
        throw new Error('second statement failed')
      },
    }
    await expect(createTestDatabase(inject('servers').postgres, broken)).rejects.toThrow(
      'second statement failed',
    )
    const database = await createTestDatabase(inject('servers').postgres, notesSchema(version))
    expect(await query(database.url, "select to_regclass('half') as half")).toEqual([{ half: null }])
    await database.drop()
  })

  test('drops a database that still has connections', async () => {
    const database = await createTestDatabase(inject('servers').postgres, notesSchema(`drop ${Date.now()}`))
    const client = new pg.Client({ connectionString: database.url })
    client.on('error', () => undefined)
    await client.connect()
    await database.drop()
    await expect(query(database.url, 'select 1')).rejects.toThrow('does not exist')
    await client.end()
  })
})

describe('folderVersion', () => {
  test('changes with the content and the name of a file in any subfolder, and not otherwise', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'millrace-folder-'))
    await mkdir(path.join(folder, 'first'))
    await writeFile(path.join(folder, 'first', 'a.sql'), 'one')
    const before = await folderVersion(folder)
    expect(await folderVersion(folder)).toBe(before)
    await writeFile(path.join(folder, 'first', 'a.sql'), 'two')
    const changed = await folderVersion(folder)
    expect(changed).not.toBe(before)
    await rm(path.join(folder, 'first', 'a.sql'))
    await writeFile(path.join(folder, 'first', 'b.sql'), 'two')
    expect(await folderVersion(folder)).not.toBe(changed)
    await rm(folder, { recursive: true })
  })
})
