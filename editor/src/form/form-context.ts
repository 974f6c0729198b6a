import type { ConnectionBody } from '@millrace/contracts'
import { type Field, type SamplesOf, structOf } from '@millrace/expr'
import type { FormHint, Issue, JsonValue, NodeConfig } from '@millrace/graph'
import { createContext, useContext } from 'react'

/** What the controls of one node's form share. */
export interface Form {
  readonly pipelineId: string
  readonly nodeId: string
  readonly config: NodeConfig
  readonly issues: readonly Issue[]
  readonly connections: readonly ConnectionBody[]
  /** The output ports of the node at which edges begin. */
  readonly connectedPorts: readonly string[]
  /** The fields at a port of the node, input or output; null while they are unknown. */
  fieldsAt(port: string | undefined): readonly Field[] | null
  /** What the node type knows of the entries of a list that stands in the root of the settings. */
  listHelp(path: readonly string[]): FormListHelp | null
  /** Values of fields of the events that flowed in at a port (absent: the first), in the sample; the most frequent first. */
  samplesAt(port: string | undefined): SamplesOf
  /** Replaces the value at a path; undefined takes the setting away. Keystrokes in one place are one step of undo. */
  set(path: readonly string[], value: JsonValue | undefined, how?: SetHow): void
  /** Replaces several values in one step of undo, which `label` names. */
  setAll(values: readonly (readonly [path: readonly string[], value: JsonValue])[], label: string): void
  /** Ends a burst of keystrokes. */
  leave(): void
  applyFix(issue: Issue): void
}

/** As `ListHelp` of the node's definition, for the settings as they are. */
export interface FormListHelp {
  entryFor(field: Field): NodeConfig | null
  unfit(index: number, member: string): ReadonlyMap<string, string>
  /** The fields that come of an entry, as far as they are known. */
  resultsOf(index: number): readonly Field[]
}

/** How an edit of a setting counts in the undo history. */
export interface SetHow {
  /** What the step is called; else named after the setting. */
  readonly label?: string
  /** True for an edit that is a step of its own. */
  readonly isStep?: boolean
}

/** The form around. */
export const FormContext = createContext<Form | null>(null)

/** What the controls of one node's form share; only within a form. */
export function useForm(): Form {
  const form = useContext(FormContext)
  if (form === null) throw new Error('outside a form')
  return form
}

/** The fields that an expression may name, several rows as structs; null while they are not all known. */
export function fieldsFor(form: Pick<Form, 'fieldsAt'>, { port, rows }: FormHint): readonly Field[] | null {
  if (rows === undefined) return form.fieldsAt(port)
  const known = Object.entries(rows).flatMap(([name, at]) => {
    const fields = form.fieldsAt(at)
    return fields === null ? [] : [{ name, type: structOf(fields, false) }]
  })
  return known.length === Object.keys(rows).length ? known : null
}

/** The values of the fields that an expression may name. */
export function samplesFor(form: Pick<Form, 'samplesAt'>, { port, rows }: FormHint): SamplesOf {
  if (rows === undefined) return form.samplesAt(port)
  return ([row = '', ...path]) => (Object.hasOwn(rows, row) ? form.samplesAt(rows[row])(path) : [])
}

/** The value at a path within a config; own members only. */
export function valueAt(config: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = config
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as { readonly [name: string]: JsonValue })[name]
  }
  return value
}

/** True where `path` is `prefix` or lies within it. */
export function isWithin(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((name, i) => path[i] === name)
}
