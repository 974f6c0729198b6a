import type { Lineage, NodePreview, RawRecord } from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'
import type { PathStep } from './follow-events.ts'

/** The records that a preview runs over. */
export interface PreviewSamples {
  /** By source node id. */
  readonly samples: ReadonlyMap<string, readonly RawRecord[]>
  /** By node id, for nodes with a reference. */
  readonly references: ReadonlyMap<string, readonly RawRecord[]>
  /** Event time of the first event of generators, epoch ms. */
  readonly generatorStart: number
}

/** What the page asks of the preview worker. */
export type PreviewRequest =
  | ({ readonly kind: 'load' } & PreviewSamples)
  | { readonly kind: 'run'; readonly id: number; readonly graph: PipelineGraph }
  /** The rows of one node of the last run. */
  | { readonly kind: 'rows'; readonly nodeId: string }
  /** Where events of the sample went in the last run. */
  | { readonly kind: 'follow'; readonly events: Lineage }

/** By node id: how many rows went in and out. */
export type PreviewCounts = ReadonlyMap<string, NodePreview['counts']>

/** What the worker answers. */
export type PreviewAnswer =
  | { readonly kind: 'ran'; readonly id: number; readonly counts: PreviewCounts; readonly ms: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'rows'; readonly nodeId: string; readonly preview: NodePreview | null }
  | { readonly kind: 'path'; readonly events: Lineage; readonly steps: readonly PathStep[] }
