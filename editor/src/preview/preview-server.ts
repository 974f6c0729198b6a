import { type Preview, type RuntimeCatalogue, runPreview } from '@millrace/engine'
import type { Catalogue } from '@millrace/graph'
import { followEvents } from './follow-events.ts'
import type { PreviewAnswer, PreviewRequest, PreviewSamples } from './protocol.ts'

/** What the worker needs. */
export interface PreviewServerOptions {
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
  /** A clock that only moves on, ms. */
  now(): number
}

const NOTHING: PreviewSamples = { samples: new Map(), references: new Map(), generatorStart: 0 }

/**
 * The worker's side of the preview: keeps the samples and the last result, so that only counts and the rows that are
 * looked at cross over to the page.
 */
export function createPreviewServer({ catalogue, runtimes, now }: PreviewServerOptions) {
  let loaded = NOTHING
  let last: Preview = new Map()

  return async function answer(request: PreviewRequest): Promise<PreviewAnswer | null> {
    switch (request.kind) {
      case 'load': {
        const { samples, references, generatorStart } = request
        loaded = { samples, references, generatorStart }
        return null
      }
      case 'run': {
        const { id, graph } = request
        const start = now()
        try {
          last = await runPreview({ graph, ...loaded, closeWindows: true }, catalogue, runtimes)
        } catch (error) {
          last = new Map()
          return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) }
        }
        const counts = new Map([...last].map(([nodeId, node]) => [nodeId, node.counts]))
        return { kind: 'ran', id, counts, ms: now() - start }
      }
      case 'rows':
        return { kind: 'rows', nodeId: request.nodeId, preview: last.get(request.nodeId) ?? null }
      case 'follow':
        return { kind: 'path', events: request.events, steps: followEvents(last, request.events) }
    }
  }
}
