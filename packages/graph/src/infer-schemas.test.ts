import { describe, expect, it, vi } from 'vitest'
import { createCatalogue } from './define-node.ts'
import { inferSchemas } from './infer-schemas.ts'
import type { PipelineGraph } from './model.ts'
import {
  archive,
  catalogue,
  enrich,
  filter,
  orders,
  textStream,
  union,
  window,
} from './testing/definitions.ts'
import { diamondLadder, node, pipeline, soundPipeline } from './testing/graphs.ts'

const stream = textStream(['orderId', 'region'])
const infer = (graph: PipelineGraph) => inferSchemas(graph, catalogue)

describe('inferSchemas', () => {
  it('tells what flows into and out of every node, whatever the order of the nodes', () => {
    const graph = soundPipeline()
    for (const nodes of [graph.nodes, graph.nodes.toReversed()]) {
      const { nodes: schemas, issues } = infer({ ...graph, nodes })
      expect(issues).toEqual([])
      expect(schemas.get('orders')).toEqual({ inputs: {}, outputs: { out: stream } })
      expect(schemas.get('filter')).toEqual({ inputs: { in: stream }, outputs: { out: stream } })
      expect(schemas.get('archive')).toEqual({ inputs: { in: stream }, outputs: {} })
    }
  })

  it('follows each output by its own port', () => {
    const nodes = [node('orders', orders), node('w', window), node('results', archive), node('late', archive)]
    const { nodes: schemas } = infer(pipeline(nodes, ['orders → w', 'w → results', 'w.late → late']))
    expect(schemas.get('results')?.inputs.in).toEqual(textStream(['count']))
    expect(schemas.get('late')?.inputs.in).toEqual(stream)
  })

  it('gives null for an input without an edge', () => {
    const { nodes: schemas } = infer(pipeline([node('orders', orders), node('e', enrich)], ['orders → e']))
    expect(schemas.get('e')?.inputs).toEqual({ in: stream, reference: null })
  })

  it('puts the node and a change of its config to what a node finds wrong', () => {
    const graph = soundPipeline()
    const nodes = graph.nodes.with(1, node('filter', filter, { field: 'regoin' }))
    expect(infer({ ...graph, nodes }).issues).toEqual([
      {
        code: 'unknown_field',
        severity: 'error',
        nodeId: 'filter',
        path: ['field'],
        message: 'There is no field "regoin".',
        fix: {
          label: 'Use "orderId"',
          change: { kind: 'set-config', nodeId: 'filter', config: { field: 'orderId' } },
        },
      },
    ])
  })

  it('leaves out a fix whose path leads nowhere', () => {
    const lost = {
      code: 'lost',
      path: ['a', 'b'],
      message: 'Lost.',
      fix: { label: 'Fix', path: ['a', 'b'], value: 1 },
    }
    const odd = { ...archive, infer: () => ({ outputs: {}, issues: [lost] }) }
    const { issues } = inferSchemas(pipeline([node('odd', odd)], []), createCatalogue([odd]))
    expect(issues).toEqual([
      { code: 'lost', severity: 'error', nodeId: 'odd', path: ['a', 'b'], message: 'Lost.' },
    ])
  })
})

describe('a node that cannot be inferred', () => {
  const branch = [
    node('orders', orders),
    node('filter', filter, { field: 'region' }),
    node('archive', archive),
  ]
  const unfit: [string, ReturnType<typeof node>][] = [
    ['of an unknown type', { ...node('x', filter), type: 'constructor' }],
    ['of another version', { ...node('x', window), typeVersion: 1 }],
    ['with settings that do not fit', node('x', filter, { field: 7 })],
  ]

  it.each(unfit)('%s leaves what is behind it unknown and stops nothing else', (_what, broken) => {
    const behind = node('behind', filter, { field: 'nowhere' })
    const edges = ['orders → x', 'x → behind', 'orders → filter', 'filter → archive']
    const { nodes: schemas, issues } = infer(pipeline([broken, behind, ...branch], edges))
    expect(schemas.has('x')).toBe(false)
    expect(schemas.get('behind')).toEqual({ inputs: { in: null }, outputs: {} })
    expect(schemas.get('archive')?.inputs.in).toEqual(stream)
    expect(issues).toEqual([])
  })

  it('on a cycle leaves what is behind it unknown and stops nothing else', () => {
    const circle = [node('u', union), node('v', union), node('behind', filter)]
    const edges = ['orders → u', 'u → v', 'v → u', 'v → behind', 'orders → filter', 'filter → archive']
    const { nodes: schemas } = infer(pipeline([...circle, ...branch], edges))
    expect([...schemas.keys()].sort()).toEqual(['archive', 'behind', 'filter', 'orders'])
    expect(schemas.get('behind')?.inputs).toEqual({ in: null })
    expect(schemas.get('archive')?.inputs.in).toEqual(stream)
  })

  it('is reached by no edge with the name of an inherited member', () => {
    const { nodes: schemas } = infer(pipeline(branch, ['orders.constructor → filter']))
    expect(schemas.get('filter')?.inputs).toEqual({ in: null })
  })
})

describe('an input that takes many edges', () => {
  const two = (fields: string[]) =>
    pipeline([node('a', orders), node('b', orders, { fields }), node('u', union)], ['a → u', 'b → u'])

  it('has the schema of all its streams', () => {
    const schemas = infer(two(['orderId', 'region'])).nodes
    expect(schemas.get('u')?.inputs.in).toEqual({ ...stream, partitionedBy: null })
  })

  it('keeps how the only stream is partitioned', () => {
    const { nodes: schemas } = infer(pipeline([node('a', orders), node('u', union)], ['a → u']))
    expect(schemas.get('u')?.inputs.in?.partitionedBy).toEqual(['orderId'])
  })

  it('says what keeps streams apart', () => {
    const { nodes: schemas, issues } = infer(two(['orderId', 'total']))
    expect(schemas.get('u')?.inputs.in).toBe(null)
    expect(issues).toMatchObject([
      {
        code: 'inputs_differ',
        nodeId: 'u',
        message: 'The streams that meet at "u" do not fit together: "region" of "a" is missing in "b".',
        fix: { label: 'Fill with null', change: { kind: 'set-config', nodeId: 'u' } },
      },
    ])
  })

  it('does not depend on the order in which streams were connected', () => {
    const filled = (edges: readonly string[]) =>
      infer(
        pipeline(
          [node('b', orders, { fields: ['x', 'y'] }), node('a', orders), node('u', union, { fill: true })],
          edges,
        ),
      )
        .nodes.get('u')
        ?.inputs.in?.fields.map(({ name }) => name)
    expect(filled(['a → u', 'b → u'])).toEqual(['orderId', 'region', 'x', 'y'])
    expect(filled(['b → u', 'a → u'])).toEqual(['orderId', 'region', 'x', 'y'])
  })

  it('is unknown while one of its streams is', () => {
    const graph = two(['orderId', 'region'])
    const { nodes: schemas, issues } = infer({
      ...graph,
      nodes: graph.nodes.with(1, node('b', orders, { fields: 7 })),
    })
    expect(schemas.get('u')?.inputs.in).toBe(null)
    expect(issues).toEqual([])
  })
})

it('infers every node once, however many ways lead to it', () => {
  const infersFilter = vi.fn(filter.infer)
  const counting = createCatalogue([orders, { ...filter, infer: infersFilter }, union, archive])
  const { nodes } = inferSchemas(diamondLadder(200), counting)
  expect(infersFilter).toHaveBeenCalledTimes(400)
  expect(nodes.get('archive')?.inputs.in?.fields).toEqual(stream.fields)
})
