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

const RUNS = 30

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

for (const [name, run] of CASES) console.log(`${median(run).toFixed(2).padStart(9)} ms  ${name}`)

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

function median(run: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)[RUNS / 2] ?? 0
}
