import type { Catalogue, NodeDefinition } from './definition.ts'
import { indexGraph } from './graph-index.ts'
import type { NodeSchemas } from './infer-schemas.ts'
import type { GraphNode, JsonValue, PipelineGraph } from './model.ts'
import { ownMember } from './own-member.ts'
import { topologicalOrder } from './topology.ts'

/** What is sensitive at a node. Fields are told by name. */
export interface SensitiveFields {
  /** By input port. */
  readonly inputs: { readonly [port: string]: ReadonlySet<string> }
  /** By output port. */
  readonly outputs: { readonly [port: string]: ReadonlySet<string> }
  /** All that are sensitive here or before: one of them may be in a record that the node could not handle. */
  readonly anywhere: ReadonlySet<string>
  /** Texts of errors of this node may quote a sensitive value. */
  readonly inErrors: boolean
}

/** Text of settings that is longer is taken to name every field. */
const MAX_TEXT = 20_000

/**
 * Which fields are sensitive at every port: those that a source (or a reference) marks with `sensitive: true` beside
 * their `name`, and what nodes make of them. It errs on the side of masking: an output field is sensitive where an input
 * field of that name is, or where the settings that name it also name a sensitive field, be it in an expression.
 */
export function sensitiveFields(
  graph: PipelineGraph,
  catalogue: Catalogue,
  schemas: ReadonlyMap<string, NodeSchemas>,
): ReadonlyMap<string, SensitiveFields> {
  const index = indexGraph(graph)
  const found = new Map<string, SensitiveFields>()
  for (const nodeId of topologicalOrder(index).order) {
    const node = index.nodes.get(nodeId)
    const definition = node && catalogue.get(node.type)
    if (node === undefined || definition === undefined) continue
    const inputs = Object.fromEntries(
      definition.inputs.map(({ name }) => {
        const edges = (index.incoming.get(nodeId) ?? []).filter(({ to }) => to.port === name)
        const arriving = edges.flatMap(({ from }) => [
          ...(ownMember(found.get(from.node)?.outputs ?? {}, from.port) ?? []),
        ])
        return [name, new Set(arriving)]
      }),
    )
    const own = schemas.get(nodeId)
    const names = Object.values(own?.inputs ?? {}).flatMap((schema) => schema?.fields ?? [])
    const arriving = new Set(Object.values(inputs).flatMap((fields) => [...fields]))
    const marked = new Set([...arriving, ...markedIn(node.config)])
    const outputs = ownOutputs(node, marked, own?.outputs ?? {}, new Set(names.map(({ name }) => name)))
    const before = (index.incoming.get(nodeId) ?? []).flatMap(({ from }) => [
      ...(found.get(from.node)?.anywhere ?? []),
    ])
    const leaving = Object.values(outputs).flatMap((fields) => [...fields])
    // A sink has no output, but may give fields other names.
    const named = [...leaving, ...namedBeside(node.config, marked)]
    found.set(nodeId, {
      ...{ inputs, outputs, anywhere: new Set([...before, ...marked, ...named]) },
      inErrors: isQuoted(definition, node, marked),
    })
  }
  return found
}

function ownOutputs(
  { config }: GraphNode,
  marked: ReadonlySet<string>,
  outputs: NodeSchemas['outputs'],
  arriving: ReadonlySet<string>,
): SensitiveFields['outputs'] {
  if (marked.size === 0) return {}
  const root = Object.values(config).filter((value) => typeof value === 'string')
  const beside = namedBeside(config, marked)
  const named = textsIn(config)
  const isAboutSensitive = root.some((text) => isNamedIn(text, marked))
  const isSensitive = (name: string) =>
    marked.has(name) ||
    beside.some((text) => isCalled(name, text)) ||
    root.some((prefix) => name.startsWith(prefix) && marked.has(name.slice(prefix.length))) ||
    // Nothing says what it is made of but settings that are about something sensitive.
    (isAboutSensitive && !arriving.has(name) && !named.some((text) => isCalled(name, text)))
  return Object.fromEntries(
    Object.entries(outputs).map(([port, { fields }]) => [
      port,
      new Set(fields.flatMap(({ name }) => (isSensitive(name) ? [name] : []))),
    ]),
  )
}

/** A source tells of no value why it cannot be read; a transform looks at no more than its settings name. */
function isQuoted({ kind }: NodeDefinition, { config }: GraphNode, marked: ReadonlySet<string>): boolean {
  if (marked.size === 0 || kind === 'source') return false
  return kind === 'sink' || textsIn(config).some((text) => isNamedIn(text, marked))
}

/** Names of the rows of schema tables that are marked. */
function markedIn(value: JsonValue): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap(markedIn)
  const { name, sensitive } = value as { readonly name?: JsonValue; readonly sensitive?: JsonValue }
  const own = sensitive === true && typeof name === 'string' ? [name] : []
  return [...own, ...Object.values(value as { readonly [name: string]: JsonValue }).flatMap(markedIn)]
}

/** The texts of all objects below the root that name a sensitive field: one of them may be what a result is called. */
function namedBeside(value: JsonValue, marked: ReadonlySet<string>, isRoot = true): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).flatMap((one) => namedBeside(one, marked, false))
  const { type, ...rest } = value as { readonly [name: string]: JsonValue }
  const members = [type ?? null, ...Object.values(rest)]
  const isText = (member: JsonValue) => typeof member === 'string'
  const isAboutThem = !isRoot && members.filter(isText).some((text) => isNamedIn(text, marked))
  // A type is no name.
  const own = isAboutThem ? Object.values(rest).filter(isText) : []
  return [...own, ...members.flatMap((member) => namedBeside(member, marked, false))]
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value as { readonly [name: string]: JsonValue }).flatMap(textsIn)
}

const WORD = /[\p{L}\p{N}_]/u

/** True where a text, be it an expression, names one of the fields. */
function isNamedIn(text: string, marked: ReadonlySet<string>): boolean {
  if (text.length > MAX_TEXT) return true
  for (const name of marked) {
    for (let at = text.indexOf(name); name !== '' && at >= 0; at = text.indexOf(name, at + 1)) {
      if (!WORD.test(text[at - 1] ?? ' ') && !WORD.test(text[at + name.length] ?? ' ')) return true
    }
  }
  return false
}

/** A node may call a result by the text, or by the text and more, as in `emails_truncated`. */
function isCalled(name: string, text: string): boolean {
  return text !== '' && (name === text || name.startsWith(`${text}_`))
}
