import type { FunctionRow, Parameter } from './functions/function.ts'
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

const WORDS: Partial<Record<Parameter, string>> = {
  T: 'any',
  E: 'any',
  O: 'any',
  'array<T>': 'array',
  'array<E>': 'array',
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
  const words = parameters.map((parameter) => {
    const repeated = parameter.endsWith('…')
    const plain = (repeated ? parameter.slice(0, -1) : parameter) as Parameter
    return (WORDS[plain] ?? plain) + (repeated ? '…' : '')
  })
  return `${name}(${words.join(', ')}) → ${result === 'T' || result === 'O' || result === 'first' ? 'any' : result}`
}
