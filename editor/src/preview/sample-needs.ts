import type { PipelineGraph } from '@millrace/graph'
import { Check } from 'typebox/value'
import type { NodeTypes } from '../workspace/workspace.ts'

/** What a node must be given before the preview can run it. */
export type SampleNeed =
  | {
      readonly kind: 'source' | 'reference'
      readonly nodeId: string
      readonly connection: string
      readonly topic: string
    }
  | { readonly kind: 'generator'; readonly nodeId: string; readonly ratePerSecond: number }

/** What the preview of a graph needs. Nodes that are not set up yet need nothing. */
export function sampleNeeds(graph: PipelineGraph, { catalogue, runtimes }: NodeTypes): readonly SampleNeed[] {
  return graph.nodes.flatMap(({ id, type, config }): readonly SampleNeed[] => {
    const definition = catalogue.get(type)
    const runtime = runtimes.get(type)
    if (definition === undefined || runtime === undefined || !Check(definition.config, config)) return []
    switch (runtime.role) {
      case 'topic-source':
        return [{ kind: 'source' as const, nodeId: id, ...runtime.topic(config) }].filter(isChosen)
      case 'generator-source':
        return [{ kind: 'generator', nodeId: id, ratePerSecond: runtime.rate(config) }]
      case 'transform': {
        const reference = runtime.reference?.(config) ?? null
        return reference === null
          ? []
          : [{ kind: 'reference' as const, nodeId: id, ...reference }].filter(isChosen)
      }
      default:
        return []
    }
  })
}

function isChosen({ connection, topic }: { readonly connection: string; readonly topic: string }): boolean {
  return connection !== '' && topic !== ''
}

/** Needs with the same key are met by the same records. */
export function needKey(need: SampleNeed): string {
  return need.kind === 'generator'
    ? `generator ${need.ratePerSecond}`
    : JSON.stringify([need.kind, need.connection, need.topic])
}
