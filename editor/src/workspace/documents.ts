import type { DraftBody, PipelineBody, VersionBody } from '@millrace/contracts'
import { type Catalogue, migrateNodes, type PipelineGraph, parseGraph } from '@millrace/graph'

/** A draft that can be edited. */
export interface Draft extends Omit<DraftBody, 'graph'> {
  readonly graph: PipelineGraph
}

/** The version that was published last. */
export interface LiveVersion {
  readonly version: number
  readonly graph: PipelineGraph
  /** Epoch ms. */
  readonly publishedAt: number
}

/** A draft as it can be edited: checked, and led up to the current node types. Null where it is no pipeline. */
export function readDraft(draft: DraftBody, catalogue: Catalogue): Draft | null {
  const graph = readGraph(draft.graph)
  return graph && { ...draft, graph: migrateNodes(graph, catalogue).graph }
}

/** The live version; null where there is none, or none that this page can read. */
export function readLive(live: PipelineBody['live']): LiveVersion | null {
  const graph = live && readGraph(live.graph)
  return live && graph && { ...live, graph }
}

/** A document as it came from the api; null where it is no pipeline. */
export function readGraph(graph: VersionBody['graph']): PipelineGraph | null {
  const parsed = parseGraph(graph)
  return parsed.ok ? parsed.graph : null
}
