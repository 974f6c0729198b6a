import { isStateful, nameStages, planStages, prepareProgram } from '@millrace/engine'
import { inferSchemas, validate } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { describe, expect, it } from 'vitest'
import { PARTITIONS } from './events.ts'
import { COMPARED_GRAPHS, millraceGraph } from './graphs.ts'

const topics = { orders: 'orders', payments: 'payments', users: 'users' }

describe.each(COMPARED_GRAPHS.map((graph) => [graph.id, graph] as const))(
  'the pipeline of %s',
  (_, graph) => {
    const document = millraceGraph(graph, topics, 'out')

    it('has nothing to be mended', () => {
      expect(validate(document, catalogue).filter(({ severity }) => severity === 'error')).toEqual([])
    })

    it('has the columns that Flink writes', () => {
      const schemas = inferSchemas(document, catalogue)
      const results = schemas.nodes.get('results')?.inputs.in
      expect(results?.fields.map(({ name }) => name)).toEqual(graph.columns.map(({ name }) => name))
    })

    it('spreads events anew only where it says so', () => {
      const program = prepareProgram(document, catalogue, runtimes)
      const { plan } = nameStages(
        planStages(program, { source: () => PARTITIONS, repartition: PARTITIONS }),
        [],
        1,
      )
      expect(plan.stages.length > 1).toBe(graph.spreadAnew ?? false)
      expect(program.nodes.some(isStateful)).toBe(!['filter', 'enrich'].includes(graph.id))
    })
  },
)

it('names each graph once', () => {
  expect(new Set(COMPARED_GRAPHS.map(({ id }) => id)).size).toBe(COMPARED_GRAPHS.length)
})
