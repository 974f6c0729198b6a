import type { FunctionRow } from './functions/function.ts'
import { FUNCTION_GROUPS, type FunctionGroup } from './functions/table.ts'

/** What people are told about a function. */
export interface FunctionDoc {
  readonly name: string
  readonly group: FunctionGroup
  /** Such as `substring(string, int64) → string`, one for each way to call it. */
  readonly signatures: readonly string[]
  readonly documentation: string
  /** A condition that is true. */
  readonly example: string
}

/** How type variables are named for people. */
function inWords(type: string): string {
  return type
    .replace(/^array<[TUVEONK]>$/, 'array')
    .replace(/^map<K, V>$/, 'map')
    .replace(/^[TUVEONK](?=…?$)/, 'any')
}

/** All functions, by group and then by name. */
export function functionDocs(): readonly FunctionDoc[] {
  return Object.entries(FUNCTION_GROUPS).flatMap(([group, rows]) =>
    [...Map.groupBy(rows, (row) => row.name).values()].map((overloads) =>
      docOf(overloads, group as FunctionGroup),
    ),
  )
}

function docOf(overloads: readonly FunctionRow[], group: FunctionGroup): FunctionDoc {
  // The last row of a function is the most general one.
  const { name, documentation, example } = overloads.at(-1) as FunctionRow
  return { name, group, signatures: overloads.map(signatureOf), documentation, example }
}

function signatureOf({ name, parameters, result }: FunctionRow): string {
  const words = parameters.map(inWords).join(', ')
  if (result === 'first') return `${name}(${words}) → any`
  return `${name}(${words}) → ${typeof result === 'object' ? result.name : inWords(result)}`
}
