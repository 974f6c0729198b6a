import type { NodeConfig } from '@millrace/graph'
import { valueAt } from '../form-context.ts'

/** Names of the fields that a schema table beside the setting at `path` marks as sensitive. */
export function sensitiveRows(
  config: NodeConfig,
  path: readonly string[],
  table: string | undefined,
): ReadonlySet<string> {
  const rows = table === undefined ? undefined : valueAt(config, [...path.slice(0, -1), table])
  if (!Array.isArray(rows)) return new Set()
  return new Set(
    rows.flatMap((row) => {
      const { name, sensitive } = row as { readonly name?: unknown; readonly sensitive?: unknown }
      return sensitive === true && typeof name === 'string' ? [name] : []
    }),
  )
}
