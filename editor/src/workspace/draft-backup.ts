import { type PipelineGraph, parseGraph } from '@millrace/graph'

/** Edits that had not reached the server, as this browser keeps them. */
export interface KeptDraft {
  readonly graph: PipelineGraph
  /** The revision of the draft that was edited. */
  readonly revision: number
  /** Epoch ms. */
  readonly keptAt: number
}

/** Keeps unsaved edits of one pipeline over a crash, a closed tab or an ended session. */
export interface DraftBackup {
  keep(graph: PipelineGraph, revision: number, now: number): void
  read(): KeptDraft | null
  forget(): void
}

/** A backup in the browser's storage. Where that is full or forbidden nothing is kept, and nothing breaks. */
export function createDraftBackup(pipelineId: string, storage: Storage): DraftBackup {
  const key = `millrace.draft.${pipelineId}`
  return {
    keep(graph, revision, now) {
      try {
        storage.setItem(key, JSON.stringify({ graph, revision, keptAt: now }))
      } catch {
        // Full or forbidden: the edits still stand in the page and are sent again.
      }
    },
    read: () => readKept(storage, key),
    forget() {
      storage.removeItem(key)
    },
  }
}

function readKept(storage: Storage, key: string): KeptDraft | null {
  const text = storage.getItem(key)
  if (text === null) return null
  try {
    const { graph, revision, keptAt } = JSON.parse(text) as Partial<KeptDraft>
    const parsed = parseGraph(graph)
    return parsed.ok ? { graph: parsed.graph, revision: Number(revision), keptAt: Number(keptAt) } : null
  } catch {
    return null
  }
}
