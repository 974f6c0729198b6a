import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import type { GraphChange } from './change.ts'
import { emptyGraph, type PipelineGraph } from './model.ts'
import { parseGraph } from './parse-graph.ts'
import { serializeGraph } from './serialize-graph.ts'
import { arbitraryChange } from './testing/arbitrary-changes.ts'
import { soundPipeline } from './testing/graphs.ts'

const start = fc.constantFrom(emptyGraph('Empty'), soundPipeline())
const candidates = fc.array(arbitraryChange, { maxLength: 25 })

/** What undo keeps: each document, and the change that leads from it to the one before. */
interface Step {
  readonly graph: PipelineGraph
  readonly inverse: GraphChange
}

function applyAll(
  graph: PipelineGraph,
  changes: readonly ((graph: PipelineGraph) => GraphChange | null)[],
): Step[] {
  const steps: Step[] = []
  let current = graph
  for (const candidate of changes) {
    const change = candidate(current)
    if (change === null) continue
    const applied = applyChange(current, change)
    steps.push(applied)
    current = applied.graph
  }
  return steps
}

describe('any sequence of changes', () => {
  it('is undone step by step to the very same documents, and redone', () => {
    fc.assert(
      fc.property(start, candidates, (first, changes) => {
        const steps = applyAll(first, changes)
        const documents = [first, ...steps.map((step) => step.graph)].map(serializeGraph)
        let current = steps.at(-1)?.graph ?? first
        const redos: GraphChange[] = []
        for (const [i, { inverse }] of [...steps.entries()].reverse()) {
          const undone = applyChange(current, inverse)
          current = undone.graph
          redos.unshift(undone.inverse)
          expect(serializeGraph(current)).toBe(documents[i])
        }
        for (const [i, redo] of redos.entries()) {
          current = applyChange(current, redo).graph
          expect(serializeGraph(current)).toBe(documents[i + 1])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('leaves the documents before it as they were', () => {
    fc.assert(
      fc.property(start, candidates, (first, changes) => {
        const before = JSON.stringify(first)
        const steps = applyAll(first, changes)
        const texts = steps.map((step) => JSON.stringify(step.graph))
        for (const step of steps) applyChange(step.graph, step.inverse)
        expect(JSON.stringify(first)).toBe(before)
        expect(steps.map((step) => JSON.stringify(step.graph))).toEqual(texts)
      }),
    )
  })

  it('leaves ids unique, and no edge or position without its node', () => {
    fc.assert(
      fc.property(start, candidates, (first, changes) => {
        for (const { graph } of applyAll(first, changes)) {
          const ids = graph.nodes.map((node) => node.id)
          expect(new Set(ids).size).toBe(ids.length)
          expect(new Set(graph.edges.map((edge) => edge.id)).size).toBe(graph.edges.length)
          expect(ids).toEqual(
            expect.arrayContaining(graph.edges.flatMap(({ from, to }) => [from.node, to.node])),
          )
          expect(ids).toEqual(expect.arrayContaining(Object.keys(graph.layout)))
        }
      }),
    )
  })

  it('pollutes no prototype', () => {
    const names = Object.getOwnPropertyNames(Object.prototype)
    fc.assert(fc.property(start, candidates, (first, changes) => void applyAll(first, changes)))
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names)
    expect(Object.getPrototypeOf(Object.prototype)).toBe(null)
    expect(({} as { x?: unknown }).x).toBe(undefined)
  })

  it('gives a document that is read back from its text', () => {
    fc.assert(
      fc.property(start, candidates, (first, changes) => {
        const text = serializeGraph(applyAll(first, changes).at(-1)?.graph ?? first)
        const parsed = parseGraph(JSON.parse(text))
        expect(parsed.ok && serializeGraph(parsed.graph)).toBe(text)
      }),
    )
  })
})
