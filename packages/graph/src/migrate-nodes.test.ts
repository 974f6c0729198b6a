import { describe, expect, it } from 'vitest'
import { migrateNodes } from './migrate-nodes.ts'
import { catalogue, window } from './testing/definitions.ts'
import { node, pipeline, soundPipeline } from './testing/graphs.ts'

const aggregates = [{ name: 'count' }]
const old = { ...node('old', window, { sizeSeconds: 60, aggregates }), typeVersion: 1 }

describe('migrateNodes', () => {
  it('leads an older config up to the version of its definition', () => {
    const { graph, failures } = migrateNodes(pipeline([old], []), catalogue)
    expect(graph.nodes).toEqual([{ ...old, typeVersion: 2, config: { size: 60_000, aggregates } }])
    expect(failures).toEqual([])
  })

  it('gives the very same graph where all nodes are current', () => {
    const current = pipeline([...soundPipeline().nodes, node('w', window)], [])
    const migrated = migrateNodes(current, catalogue)
    expect(migrated.graph).toBe(current)
    expect(migrated.failures).toEqual([])
  })

  it('leaves nodes of an unknown type or a newer version alone', () => {
    const unknown = { ...node('unknown', window), type: 'constructor', typeVersion: 1 }
    const newer = { ...node('newer', window), typeVersion: 3 }
    const graph = pipeline([unknown, newer], [])
    expect(migrateNodes(graph, catalogue)).toEqual({ graph, failures: [] })
  })

  it('keeps a node whose old settings make its migration fail, tells why, and goes on with the others', () => {
    const garbage = { ...old, id: 'garbage', config: { sizeSeconds: 'soon' } }
    const { graph, failures } = migrateNodes(pipeline([garbage, old], []), catalogue)
    expect(graph.nodes[0]).toEqual(garbage)
    expect(graph.nodes[1]?.typeVersion).toBe(2)
    expect(failures).toEqual([{ nodeId: 'garbage', cause: new TypeError('sizeSeconds must be a number') }])
  })
})
