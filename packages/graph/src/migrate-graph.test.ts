import { describe, expect, it } from 'vitest'
import { GRAPH_MIGRATIONS, type GraphMigrations, migrateGraph } from './migrate-graph.ts'
import { GRAPH_FORMAT } from './model.ts'

const migrations: GraphMigrations = {
  1: ({ title, ...rest }) => ({ ...rest, name: title }),
  2: (document) => ({ ...document, parameters: [] }),
}

describe('migrateGraph', () => {
  it('leads a document up, one format after the other', () => {
    const migrated = migrateGraph({ format: 1, title: 'Orders' }, migrations, 3)
    expect(migrated).toEqual({ ok: true, document: { format: 3, name: 'Orders', parameters: [] } })
  })

  it('starts at the format of the document', () => {
    const migrated = migrateGraph({ format: 2, title: 'kept' }, migrations, 3)
    expect(migrated).toEqual({ ok: true, document: { format: 3, title: 'kept', parameters: [] } })
  })

  it('leaves a current document and the given document as they are', () => {
    const current = { format: 3 }
    expect(migrateGraph(current, migrations, 3)).toEqual({ ok: true, document: current })
    const older = Object.freeze({ format: 1, title: 'Orders' })
    expect(migrateGraph(older, migrations, 3).ok).toBe(true)
  })

  it('refuses a newer format in words', () => {
    expect(migrateGraph({ format: 4 }, migrations, 3)).toMatchObject({
      ok: false,
      issues: [{ code: 'newer_format', path: ['format'], message: expect.stringContaining('format 4') }],
    })
  })

  it.each([undefined, null, '1', 0, -1, 1.5, Number.NaN])('refuses the format %s', (format) => {
    expect(migrateGraph({ format }, migrations, 3)).toMatchObject({
      ok: false,
      issues: [{ code: 'invalid_document' }],
    })
  })
})

it('there is a migration from every older format', () => {
  const older = Array.from({ length: GRAPH_FORMAT - 1 }, (_, i) => String(i + 1))
  expect(Object.keys(GRAPH_MIGRATIONS)).toEqual(older)
})
