import type { GraphChange, PipelineGraph } from '@millrace/graph'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { carryOut, closeStep, type History, newHistory, redo, undo } from './history.ts'

/** The document on the canvas with its undo history. */
export interface DocumentState extends History {
  /** Node ids that the last undo or redo changed, to be shown; a new value each time. */
  readonly pulse: ReadonlySet<string>
}

/** How an edit is called in the undo menu, and which field it belongs to. */
export interface EditOptions {
  readonly label: string
  /** Edits in a row with the same key are one step of undo. */
  readonly fold?: string
}

/** The one place where the document changes. */
export interface DocumentStore extends StoreApi<DocumentState> {
  /** Carries out an edit as one step of undo; false where it does not fit the document any more. */
  edit(change: GraphChange, options: EditOptions): boolean
  undo(): void
  redo(): void
  /** The next edit begins a new step, e.g. because a field was left. */
  closeStep(): void
  /** Puts another document in its place; there is nothing to undo then. */
  replace(graph: PipelineGraph): void
}

/** Makes the store of one open pipeline. */
export function createDocumentStore(graph: PipelineGraph, now: () => number = Date.now): DocumentStore {
  const store = createStore<DocumentState>(() => ({ ...newHistory(graph), pulse: new Set() }))
  const travel = (step: (history: History) => History, change: GraphChange | undefined) => {
    if (change === undefined) return
    store.setState({ ...step(store.getState()), pulse: touchedBy(change) })
  }
  return Object.assign(store, {
    edit(change: GraphChange, { label, fold }: EditOptions) {
      const next = carryOut(store.getState(), change, { label, fold, at: now() })
      if (next !== null) store.setState(next)
      return next !== null
    },
    undo: () => travel(undo, store.getState().past.at(-1)?.undo),
    redo: () => travel(redo, store.getState().future.at(-1)?.redo),
    closeStep: () => store.setState(closeStep(store.getState())),
    replace: (next: PipelineGraph) => store.setState({ ...newHistory(next), pulse: new Set() }),
  })
}

/** The nodes that a change is about. */
function touchedBy(change: GraphChange): ReadonlySet<string> {
  switch (change.kind) {
    case 'batch':
      return new Set(change.changes.flatMap((part) => [...touchedBy(part)]))
    case 'add-node':
      return new Set([change.node.id])
    case 'add-edge':
      return new Set([change.edge.from.node, change.edge.to.node])
    case 'move-nodes':
      return new Set(Object.keys(change.positions))
    case 'set-canvas-note':
      return new Set([change.noteId])
    case 'set-group':
      return new Set([change.groupId, ...(change.group?.nodes ?? [])])
    case 'remove-edge':
    case 'rename-pipeline':
    case 'set-tests':
      return new Set()
    default:
      return new Set([change.nodeId])
  }
}
