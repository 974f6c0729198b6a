import type { Lineage, NodePreview, RawRecord } from '@millrace/engine'
import type { Field } from '@millrace/expr'
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

/** What a node did in the last run, and what its rows consist of. */
export interface NodeRows {
  readonly nodeId: string
  /** Null where the node did not run. */
  readonly preview: NodePreview | null
  /** As they were in that run, in the order of `preview.in`. */
  readonly inputs: readonly InputFields[]
}

/** What flows into a node at one of its ports. */
export interface InputFields {
  readonly port: string
  readonly fields: readonly Field[]
  /** Names of the fields that are not to be shown. */
  readonly sensitive: ReadonlySet<string>
}

/** What the worker answers. */
export type PreviewAnswer =
  | { readonly kind: 'ran'; readonly id: number; readonly counts: PreviewCounts; readonly ms: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | ({ readonly kind: 'rows' } & NodeRows)
  | { readonly kind: 'path'; readonly events: Lineage; readonly steps: readonly PathStep[] }
