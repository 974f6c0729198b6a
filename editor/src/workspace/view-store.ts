import { createStore, type StoreApi } from 'zustand/vanilla'

/** A place that is to be shown: a node, and a setting of it. */
export interface Focus {
  readonly nodeId: string
  readonly path: readonly string[]
  /** Differs each time, so that the same place can be asked for again. */
  readonly serial: number
}

/** What the next added node is for. */
export type PickerRequest =
  | { readonly kind: 'add' }
  /** Between the two ends of an edge. */
  | { readonly kind: 'edge'; readonly edgeId: string }

/** What covers the page: the search, or the sheet of keys. */
export type Cover = 'search' | 'keys'

/** The tabs of the side panel. */
export type PanelTab = 'settings' | 'fields' | 'note' | 'help' | 'look-inside'

/** The tabs of the dock. */
export type DockTab = 'preview' | 'problems'

/** Width of the side panel, px. */
export const PANEL_WIDTH = { initial: 344, min: 320, max: 560 } as const

/** Height of the dock, px. */
export const DOCK_HEIGHT = { initial: 340, min: 160, max: 640 } as const

/** What is selected and open: nothing of it is part of the document. */
export interface ViewState {
  readonly nodes: ReadonlySet<string>
  readonly edges: ReadonlySet<string>
  readonly panelTab: PanelTab
  readonly isDockOpen: boolean
  readonly dockTab: DockTab
  /** Sizes of side panel and dock, px. */
  readonly panelWidth: number
  readonly dockHeight: number
  readonly picker: PickerRequest | null
  readonly cover: Cover | null
  readonly focus: Focus | null
  /** The last thing that happened, for screen readers. */
  readonly announcement: string
}

/** The state of the view with what users do to it. */
export interface ViewStore extends StoreApi<ViewState> {
  select(nodes: Iterable<string>, edges?: Iterable<string>): void
  /** Selects a node and leads to a setting of it. */
  reveal(nodeId: string, path?: readonly string[]): void
  announce(text: string): void
}

/** Makes the view of one open pipeline. */
export function createViewStore(selected: readonly string[] = []): ViewStore {
  const store = createStore<ViewState>(() => ({
    nodes: new Set(selected),
    edges: new Set(),
    panelTab: 'settings',
    isDockOpen: true,
    dockTab: 'preview',
    panelWidth: PANEL_WIDTH.initial,
    dockHeight: DOCK_HEIGHT.initial,
    picker: null,
    cover: null,
    focus: null,
    announcement: '',
  }))
  let serial = 0
  return Object.assign(store, {
    select(nodes: Iterable<string>, edges: Iterable<string> = []) {
      const next = { nodes: new Set(nodes), edges: new Set(edges) }
      const before = store.getState()
      if (!sameMembers(before.nodes, next.nodes) || !sameMembers(before.edges, next.edges))
        store.setState(next)
    },
    reveal(nodeId: string, path: readonly string[] = []) {
      serial++
      store.setState({
        nodes: new Set([nodeId]),
        edges: new Set(),
        panelTab: 'settings',
        focus: { nodeId, path, serial },
      })
    },
    announce: (announcement: string) => store.setState({ announcement }),
  })
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member))
}

/** The one selected node; null where none or several are selected. */
export function onlySelected({ nodes }: Pick<ViewState, 'nodes'>): string | null {
  const [first = null] = nodes
  return nodes.size === 1 ? first : null
}
