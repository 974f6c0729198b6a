import type { GraphNode, PipelineGraph } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import { catalogue, count, events, lookup, odd, pair, runtimes, sink } from '../testing/index.ts'
import { planStages } from './plan-stages.ts'
import { prepareProgram } from './program.ts'
import type { DeploymentPlan } from './stage-plan.ts'

const source = node('source', events)
const filter = node('filter', odd)
const window = node('window', count, { ...count.defaults, preAggregate: true })
const out = node('out', sink)

function planOf(graph: PipelineGraph): DeploymentPlan {
  return planStages(prepareProgram(graph, catalogue, runtimes), { source: () => 4, repartition: 3 })
}

describe('the identity of a stage', () => {
  const identities = (graph: PipelineGraph) => planOf(graph).stages.map(({ identity }) => identity)
  const pairs = node('pairs', pair)
  const other = node('other', events)
  const graph = pipeline(
    [source, other, filter, pairs, out],
    ['source → filter', 'filter → pairs.left', 'other → pairs.right', 'pairs → out'],
  )

  function relabelled({ id, ...rest }: GraphNode): GraphNode {
    return { ...rest, id, label: `renamed ${id}`, note: 'moved' }
  }

  it('stays with another order of nodes and edges, other labels and other stateless nodes', () => {
    const reordered: PipelineGraph = {
      ...graph,
      nodes: graph.nodes.toReversed().map(relabelled),
      edges: graph.edges.toReversed(),
    }
    const without = pipeline(
      [source, other, pairs, out],
      ['source → pairs.left', 'other → pairs.right', 'pairs → out'],
    )
    expect(identities(reordered).toSorted()).toEqual(identities(graph).toSorted())
    expect(identities(without).toSorted()).toEqual(identities(graph).toSorted())
  })

  it('stays with a reference topic', () => {
    const look = node('look', lookup)
    const before = pipeline([source, out], ['source → out'])
    const after = pipeline([source, look, out], ['source → look', 'look → out'])
    expect(identities(after)).toEqual(identities(before))
  })

  it.each([
    ['another source', [node('next', events), window, out], ['next → window', 'window → out'], ['s2']],
    ['another stateful node', [source, node('next', count), out], ['source → next', 'next → out'], ['s1']],
    [
      'another key',
      [source, node('window', count, { ...count.defaults, key: ['group'] }), out],
      ['source → window', 'window → out'],
      ['s1'],
    ],
  ] as const)('changes with %s, in no other stage', (_, nodes, edges, kept) => {
    const before = identities(pipeline([source, window, out], ['source → window', 'window → out']))
    const { stages } = planOf(pipeline(nodes, edges))
    expect(stages.filter(({ identity }) => before.includes(identity)).map(({ id }) => id)).toEqual(kept)
  })

  it('goes with the same input numbers, whatever the order in the document', () => {
    const inputsOf = (one: PipelineGraph) =>
      planOf(one).stages.map(({ inputs }) =>
        inputs.map((input) => (input.kind === 'repartition' ? [input.nodeId, input.port] : [input.nodeId])),
      )
    const reordered = { ...graph, nodes: graph.nodes.toReversed(), edges: graph.edges.toReversed() }
    expect(inputsOf(graph).at(-1)).toEqual([
      ['pairs', 'left'],
      ['pairs', 'right'],
    ])
    expect(inputsOf(reordered).at(-1)).toEqual(inputsOf(graph).at(-1))
  })
})
