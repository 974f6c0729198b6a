import {
  applyChange,
  canConnect,
  inferSchemas,
  type PipelineGraph,
  parseGraph,
  serializeGraph,
  validate,
} from '@millrace/graph'
import { catalogue, diamondLadder, filter, node, pipeline } from '@millrace/graph/testing'
import type { BenchCase } from '../support/bench-case.ts'

/** What the editor and the api do with a pipeline document. */
export const benchCase: BenchCase = {
  method: 'each on documents far larger than people draw; 30 runs, one after the other',
  columns: [{ key: 'ms', title: 'ms', digits: 2 }],
  run: async ({ quick }) =>
    CASES.map(([name, run]) => ({ name, samples: { ms: repeat(run, quick ? 2 : 30) } })),
}

/** 500 nodes: 166 diamonds one behind the other, with 2^166 ways through. */
const diamonds = diamondLadder(166)

/** 500 filters, none connected: nearly every check finds something. */
const loose = pipeline(
  Array.from({ length: 500 }, (_, i) => node(`n${i}`, filter, { fiel: 'region' })),
  [],
)

const openEnded = applyChange(diamonds, { kind: 'remove-edge', edgeId: 'u165_archive' }).graph

const largest = largestGraph()

const CASES: readonly (readonly [name: string, run: () => unknown])[] = [
  ['validate, 500 nodes in diamonds', () => validate(diamonds, catalogue)],
  ['validate, 500 nodes full of mistakes', () => validate(loose, catalogue)],
  ['validate, 5,000 nodes and 20,000 edges', () => validate(largest, catalogue)],
  ['infer schemas, 500 nodes', () => inferSchemas(diamonds, catalogue)],
  ['may connect, behind 500 nodes', connectLast],
  ['parse, 500 nodes', () => parseGraph(diamonds)],
  ['parse, 5,000 nodes and 20,000 edges', () => parseGraph(largest)],
  ['serialize, 500 nodes', () => serializeGraph(diamonds)],
  [
    'set one config of 500',
    () => applyChange(diamonds, { kind: 'set-config', nodeId: 'a80', config: { field: 'x' } }),
  ],
]

function largestGraph(): PipelineGraph {
  const nodes = Array.from({ length: 5_000 }, (_, i) => node(`n${i}`, filter, { field: 'region' }))
  const ends = Array.from({ length: 20_000 }, (_, i) => `n${i % 4_000} → n${4_000 + (i % 1_000)}`)
  const graph = pipeline(nodes, ends)
  return { ...graph, edges: graph.edges.map((edge, i) => ({ ...edge, id: `e${i}` })) }
}

/** The rules that only refuse are passed; all that feeds the target is inferred. */
function connectLast() {
  return canConnect(openEnded, catalogue, { node: 'u165', port: 'out' }, { node: 'archive', port: 'in' })
}

function repeat(run: () => unknown, runs: number): number[] {
  return Array.from({ length: runs }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
}
