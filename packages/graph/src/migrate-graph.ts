import type { Issue } from './issue.ts'
import { issueOf } from './issue-codes.ts'
import { GRAPH_FORMAT } from './model.ts'

/** A document of any format, not yet checked. */
export type RawDocument = { readonly [member: string]: unknown }

/**
 * Leads a document one format up. It sees what came in, unchecked: what it does not understand it leaves alone, and
 * the check of the shape that follows will name it. It must not throw.
 */
export type GraphMigration = (document: RawDocument) => RawDocument

/** By the format it starts from. Every format below `GRAPH_FORMAT` has one. */
export type GraphMigrations = { readonly [format: number]: GraphMigration }

/** The migrations that lead every older format up to this one; there is no older format yet. */
export const GRAPH_MIGRATIONS: GraphMigrations = {}

/** A document in the current format, its shape not yet checked, or why it cannot be had. */
export type MigratedDocument =
  | { readonly ok: true; readonly document: RawDocument }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Leads a document up to the current format, one step after the other.
 *
 * @param migrations The steps, by the format they start from.
 * @param target The format to reach.
 */
export function migrateGraph(
  document: RawDocument,
  migrations: GraphMigrations = GRAPH_MIGRATIONS,
  target: number = GRAPH_FORMAT,
): MigratedDocument {
  const { format } = document
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 1) {
    return refuse('invalid_document', 'The document must say its format, a whole number from 1 on.')
  }
  if (format > target) {
    const message = `The document has format ${format} and was written by a newer Millrace; this one reads up to format ${target}. Update Millrace to open it.`
    return refuse('newer_format', message)
  }
  let current = document
  for (let step = format; step < target; step += 1) {
    const migrate = migrations[step]
    if (migrate === undefined) throw new Error(`There is no migration from format ${step}.`)
    current = { ...migrate(current), format: step + 1 }
  }
  return { ok: true, document: current }
}

function refuse(code: 'invalid_document' | 'newer_format', message: string): MigratedDocument {
  return { ok: false, issues: [issueOf(code, null, message, { path: ['format'] })] }
}
