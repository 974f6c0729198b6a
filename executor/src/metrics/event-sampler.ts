import { LIVE_SAMPLE_LIMITS, type LiveSample } from '@millrace/contracts'
import type { Program, ProgramNode, StreamRecord } from '@millrace/engine'
import { type EncodeRow, encodeJson } from '@millrace/expr'
import { type NodeSchemas, type SensitiveFields, sensitiveFields } from '@millrace/graph'

type Side = LiveSample['side']

/** Writes rows of one port without their sensitive fields. */
interface PortWriter {
  readonly encode: EncodeRow
  /** Places of the fields that are shown. */
  readonly places: readonly number[]
  readonly masked: readonly string[]
}

/**
 * Takes a few events per second of the nodes that somebody looks at. Sensitive fields never leave the process. Made when
 * somebody begins to look, and let go when nobody does.
 */
export class EventSampler {
  readonly #program: Program
  readonly #sensitive: ReadonlyMap<string, SensitiveFields>
  readonly #writers = new Map<string, PortWriter>()
  readonly #counts = new Map<string, number>()
  #taken: LiveSample[] = []
  /** Ids of the nodes that are looked at. */
  watched: ReadonlySet<string>

  constructor(program: Program, watched: ReadonlySet<string>) {
    this.#program = program
    this.#sensitive = sensitiveOf(program)
    this.watched = watched
  }

  /** Takes an event, unless there are enough of its kind in this second. */
  offer(nodeId: string, side: Side, port: number, record: StreamRecord, cause: string | null = null): void {
    if (!this.watched.has(nodeId)) return
    const name = `${nodeId} ${side} ${port}`
    const count = this.#counts.get(name) ?? 0
    if (count >= LIVE_SAMPLE_LIMITS.perSecond) return
    this.#counts.set(name, count + 1)
    const { time, origin } = record
    const { encode, places, masked } = this.#writer(nodeId, side, port)
    const row = encode(places.map((place) => record.row[place] ?? null))
    this.#taken.push({
      ...{ nodeId, side, port, at: Date.now(), time, cause },
      row: row.length > LIVE_SAMPLE_LIMITS.characters ? null : row,
      masked: [...masked],
      origin: origin && `${origin.topic}/${origin.partition}/${origin.offset}`,
    })
  }

  /** What was taken since the last call. */
  take(): readonly LiveSample[] {
    const taken = this.#taken
    this.#taken = []
    this.#counts.clear()
    return taken
  }

  #writer(nodeId: string, side: Side, port: number): PortWriter {
    const isInput = side === 'in' || side === 'dropped'
    const name = `${nodeId} ${isInput} ${port}`
    const known = this.#writers.get(name)
    if (known !== undefined) return known
    const { definition, inputs, outputs } = this.#program.node(nodeId)
    const fields = (isInput ? inputs : outputs)[port]?.fields ?? []
    const portName = (isInput ? definition.inputs : definition.outputs)[port]?.name ?? ''
    const sensitive = this.#sensitive.get(nodeId)?.[isInput ? 'inputs' : 'outputs'][portName]
    const places = fields.flatMap(({ name: field }, i) => (sensitive?.has(field) ? [] : [i]))
    const writer = {
      encode: encodeJson(places.flatMap((place) => fields[place] ?? [])),
      places,
      masked: fields.flatMap(({ name: field }) => (sensitive?.has(field) ? [field] : [])),
    }
    this.#writers.set(name, writer)
    return writer
  }
}

function sensitiveOf({ nodes }: Program): ReadonlyMap<string, SensitiveFields> {
  const definitions = new Map(nodes.map(({ definition }) => [definition.type, definition]))
  const edges = nodes.flatMap(({ incoming }) => incoming)
  const graph = { format: 0, name: '', nodes: nodes.map(({ node }) => node), edges, layout: {} }
  const catalogue = { get: (type: string) => definitions.get(type), list: () => [...definitions.values()] }
  const schemas = new Map(nodes.map((node) => [node.node.id, schemasOf(node)]))
  return sensitiveFields(graph as never, catalogue, schemas)
}

function schemasOf({ definition, inputs, outputs }: ProgramNode): NodeSchemas {
  const byName = <T>(ports: readonly { readonly name: string }[], found: readonly T[]) =>
    Object.fromEntries(ports.flatMap(({ name }, i) => (found[i] === undefined ? [] : [[name, found[i]]])))
  return { inputs: byName(definition.inputs, inputs), outputs: byName(definition.outputs, outputs) }
}
