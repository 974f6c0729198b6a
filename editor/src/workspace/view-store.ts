import type { Position } from '@millrace/graph'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { OpenEnd } from './fitting.ts'

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
  /** Where a connection was let go over the empty canvas; `at` is a place of the canvas. */
  | { readonly kind: 'end'; readonly end: OpenEnd; readonly at: Position }

/** What covers the page: search, sheet of keys, connections that the selected node may have, what the marks stand for, what a publish would do. */
export type Cover = 'search' | 'keys' | 'connect' | 'changes' | 'publish'

/** The tabs of the side panel. */
export type PanelTab = 'settings' | 'fields' | 'note' | 'help' | 'look-inside'

/** The tabs of the dock. */
export type DockTab = 'preview' | 'timeline' | 'path' | 'problems' | 'tests'

/** Width of the side panel, px. */
export const PANEL_WIDTH = { initial: 344, min: 320, max: 560 } as const

/** Height of the dock, px. */
export const DOCK_HEIGHT = { initial: 340, min: 160, max: 640 } as const

/** A little more than the transition takes, ms. */
const GLIDE_MS = 400

/** What is selected and open: nothing of it is part of the document. */
export interface ViewState {
  /** Ids of nodes, and of notes and groups. */
  readonly nodes: ReadonlySet<string>
  /** The one selected node; null where nothing, several things, or a note or group is selected. */
  readonly onlyNode: string | null
  readonly edges: ReadonlySet<string>
  readonly panelTab: PanelTab
  readonly isDockOpen: boolean
  readonly dockTab: DockTab
  /** Sizes of side panel and dock, px. */
  readonly panelWidth: number
  readonly dockHeight: number
  readonly picker: PickerRequest | null
  readonly cover: Cover | null
  /** The node whose changes are shown; null: those of all. */
  readonly changesOf: string | null
  readonly focus: Focus | null
  /** The edge that would take what is being dragged, if it is let go now. */
  readonly dropEdge: string | null
  /** True for the moment in which nodes go to places that were found for them. */
  readonly glides: boolean
  readonly isOutlineOpen: boolean
  /** The node whose name is being edited. */
  readonly renamed: string | null
  /** The last thing that happened, for screen readers. */
  readonly announcement: string
}

/** The state of the view with what users do to it. */
export interface ViewStore extends StoreApi<ViewState> {
  select(nodes: Iterable<string>, edges?: Iterable<string>): void
  /** Selects a node and leads to a setting of it. */
  reveal(nodeId: string, path?: readonly string[]): void
  announce(text: string): void
  /** Shows what is not saved or not published, of one node or of all. */
  showChanges(nodeId?: string | null): void
  /** Lets nodes go to their next places rather than jump. */
  glide(): void
}

/** Makes the view of one open pipeline. */
export function createViewStore(
  selected: readonly string[] = [],
  isNode: (id: string) => boolean = () => true,
): ViewStore {
  const onlyNodeOf = (nodes: ReadonlySet<string>) => {
    const [first = null] = nodes
    return nodes.size === 1 && first !== null && isNode(first) ? first : null
  }
  const store = createStore<ViewState>(() => ({
    nodes: new Set(selected),
    onlyNode: onlyNodeOf(new Set(selected)),
    edges: new Set(),
    panelTab: 'settings',
    isDockOpen: true,
    dockTab: 'preview',
    panelWidth: PANEL_WIDTH.initial,
    dockHeight: DOCK_HEIGHT.initial,
    picker: null,
    cover: null,
    changesOf: null,
    focus: null,
    dropEdge: null,
    glides: false,
    isOutlineOpen: false,
    renamed: null,
    announcement: '',
  }))
  let serial = 0
  let glideTimer: ReturnType<typeof setTimeout> | undefined
  return Object.assign(store, {
    select(nodes: Iterable<string>, edges: Iterable<string> = []) {
      const next = { nodes: new Set(nodes), edges: new Set(edges), renamed: null }
      const before = store.getState()
      if (!sameMembers(before.nodes, next.nodes) || !sameMembers(before.edges, next.edges))
        store.setState({ ...next, onlyNode: onlyNodeOf(next.nodes) })
    },
    reveal(nodeId: string, path: readonly string[] = []) {
      serial++
      const nodes = new Set([nodeId])
      store.setState({
        nodes,
        onlyNode: onlyNodeOf(nodes),
        edges: new Set(),
        renamed: null,
        panelTab: 'settings',
        focus: { nodeId, path, serial },
      })
    },
    glide() {
      clearTimeout(glideTimer)
      store.setState({ glides: true })
      glideTimer = setTimeout(() => store.setState({ glides: false }), GLIDE_MS)
    },
    showChanges: (changesOf: string | null = null) => store.setState({ cover: 'changes', changesOf }),
    announce: (announcement: string) => store.setState({ announcement }),
  })
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member))
}

/** The one selected node; null where nothing, several things, or a note or group is selected. */
export function onlySelected({ onlyNode }: Pick<ViewState, 'onlyNode'>): string | null {
  return onlyNode
}

/** The one selected thing, be it a node, a note or a group. */
export function onlyThing({ nodes }: Pick<ViewState, 'nodes'>): string | null {
  const [first = null] = nodes
  return nodes.size === 1 ? first : null
}
