import {
  type Catalogue,
  type Connectable,
  canConnect,
  findNode,
  type GraphNode,
  openOutputs,
  type PipelineGraph,
  type PortRef,
} from '@millrace/graph'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { t } from '../i18n/t.ts'
import type { OpenEnd } from '../workspace/fitting.ts'

/** A connection that is being drawn, and where it may end. */
export interface ConnectState {
  readonly from: OpenEnd | null
  /** By port (`portKey`): may the connection end there? Ports that were not looked at yet are missing. */
  readonly verdicts: ReadonlyMap<string, Connectable>
}

/** Tells where a connection may end, while it is drawn. */
export interface ConnectStore extends StoreApi<ConnectState> {
  begin(from: OpenEnd): void
  /** Whether the connection may end at this port; looked up or found out now. */
  verdict(to: PortRef): Connectable
  /** Whether it may end at any port of this node; if not, why not at the first. */
  verdictOfNode(nodeId: string): Connectable
  end(): void
}

/** The name of a port in `verdicts`. */
export function portKey({ node, port }: PortRef): string {
  return `${node}/${port}`
}

/** How long one slice of checking may take, ms: less than a frame. */
const SLICE_MS = 8

/** What the store looks at. */
export interface ConnectOptions {
  readonly catalogue: Catalogue
  graph(): PipelineGraph
}

/** Makes the store. All ports are judged in slices, so that dragging stays smooth on large canvases. */
export function createConnectStore({ catalogue, graph }: ConnectOptions): ConnectStore {
  const store = createStore<ConnectState>(() => ({ from: null, verdicts: new Map() }))
  let timer: ReturnType<typeof setTimeout> | undefined

  const judge = (from: OpenEnd, to: PortRef): Connectable =>
    from.isOutput ? canConnect(graph(), catalogue, from, to) : canConnect(graph(), catalogue, to, from)

  const judgeSlice = (from: OpenEnd, open: readonly PortRef[]) => {
    const verdicts = new Map(store.getState().verdicts)
    const until = performance.now() + SLICE_MS
    let done = 0
    for (const port of open) {
      if (!verdicts.has(portKey(port))) verdicts.set(portKey(port), judge(from, port))
      done++
      if (performance.now() > until) break
    }
    store.setState({ verdicts })
    if (done < open.length) timer = setTimeout(() => judgeSlice(from, open.slice(done)), 0)
  }

  const verdict = (to: PortRef): Connectable => {
    const { from, verdicts } = store.getState()
    if (from === null) return { ok: false, reason: t('Nothing is being connected.') }
    return verdicts.get(portKey(to)) ?? judge(from, to)
  }

  return Object.assign(store, {
    begin(from: OpenEnd) {
      clearTimeout(timer)
      store.setState({ from, verdicts: new Map() })
      judgeSlice(from, candidatePorts(graph(), catalogue, from))
    },
    verdict,
    verdictOfNode(nodeId: string): Connectable {
      const { from } = store.getState()
      const node = findNode(graph(), nodeId)
      const ports = from && node ? portsOf(node, catalogue, from) : []
      const fallback = { node: nodeId, port: from?.isOutput === false ? 'out' : 'in' }
      const verdicts = (ports.length > 0 ? ports : [fallback]).map(verdict)
      return verdicts.find(({ ok }) => ok) ?? (verdicts[0] as Connectable)
    },
    end() {
      clearTimeout(timer)
      store.setState({ from: null, verdicts: new Map() })
    },
  })
}

function candidatePorts(graph: PipelineGraph, catalogue: Catalogue, from: OpenEnd): readonly PortRef[] {
  return graph.nodes.flatMap((node) => (node.id === from.node ? [] : portsOf(node, catalogue, from)))
}

/** The ports of a node at which a connection from elsewhere may end, by its direction alone. */
function portsOf(node: GraphNode, catalogue: Catalogue, from: OpenEnd): readonly PortRef[] {
  const definition = catalogue.get(node.type)
  if (definition === undefined) return []
  const ports = from.isOutput ? definition.inputs : openOutputs(definition, node)
  return ports.map(({ name }) => ({ node: node.id, port: name }))
}
