import { type Preview, type RuntimeCatalogue, runPreview } from '@millrace/engine'
import { type Catalogue, inferSchemas, type PipelineGraph, sensitiveFields } from '@millrace/graph'
import { followEvents } from './follow-events.ts'
import type { InputFields, PreviewAnswer, PreviewRequest, PreviewSamples } from './protocol.ts'

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
  let inputsOf: (nodeId: string) => readonly InputFields[] = () => []

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
          inputsOf = readInputs(graph, catalogue)
        } catch (error) {
          last = new Map()
          return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) }
        }
        const counts = new Map([...last].map(([nodeId, node]) => [nodeId, node.counts]))
        return { kind: 'ran', id, counts, ms: now() - start }
      }
      case 'rows': {
        const { nodeId } = request
        return { kind: 'rows', nodeId, preview: last.get(nodeId) ?? null, inputs: inputsOf(nodeId) }
      }
      case 'follow':
        return { kind: 'path', events: request.events, steps: followEvents(last, request.events) }
    }
  }
}

/** Looks at a graph only once somebody asks for the inputs of a node. */
function readInputs(graph: PipelineGraph, catalogue: Catalogue): (nodeId: string) => readonly InputFields[] {
  const facts = lazily(() => {
    const schemas = inferSchemas(graph, catalogue).nodes
    return { schemas, sensitive: sensitiveFields(graph, catalogue, schemas) }
  })
  return (nodeId) => {
    const { schemas, sensitive } = facts()
    const hidden = sensitive.get(nodeId)?.inputs ?? {}
    return Object.entries(schemas.get(nodeId)?.inputs ?? {}).map(([port, schema]) => ({
      port,
      fields: schema?.fields ?? [],
      sensitive: hidden[port] ?? new Set(),
    }))
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
