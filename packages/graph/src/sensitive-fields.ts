import type { Catalogue } from './definition.ts'
import { indexGraph } from './graph-index.ts'
import type { NodeSchemas } from './infer-schemas.ts'
import type { GraphNode, JsonValue, PipelineGraph } from './model.ts'
import { ownMember } from './own-member.ts'
import { topologicalOrder } from './topology.ts'

/** Names of the sensitive fields at the ports of a node. */
export interface SensitiveFields {
  /** By input port. */
  readonly inputs: { readonly [port: string]: ReadonlySet<string> }
  /** By output port. */
  readonly outputs: { readonly [port: string]: ReadonlySet<string> }
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
    const outputs = ownOutputs(node, inputs, own?.outputs ?? {}, new Set(names.map(({ name }) => name)))
    found.set(nodeId, { inputs, outputs })
  }
  return found
}

function ownOutputs(
  { config }: GraphNode,
  inputs: SensitiveFields['inputs'],
  outputs: NodeSchemas['outputs'],
  arriving: ReadonlySet<string>,
): SensitiveFields['outputs'] {
  const marked = new Set([...Object.values(inputs).flatMap((names) => [...names]), ...markedIn(config)])
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
  const members = Object.values(value as { readonly [name: string]: JsonValue })
  const texts = isRoot ? [] : members.filter((member) => typeof member === 'string')
  const own = texts.some((text) => isNamedIn(text, marked)) ? texts : []
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
