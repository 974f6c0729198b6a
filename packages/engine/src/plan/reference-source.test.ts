import { node, pipeline } from '@millrace/graph/testing'
import { expect, it } from 'vitest'
import type { TransformRuntime } from '../operator.ts'
import { catalogue, decodeEvent, EVENT_FIELDS, events, lookup, runtimes, sink } from '../testing/index.ts'
import { planStages } from './plan-stages.ts'
import { prepareProgram } from './program.ts'
import { isReferenceSource, ownerOf, progressName, referenceSourceId } from './reference-source.ts'

/** A look-up by key that reads its reference as an input. */
const keyed: TransformRuntime<object> = {
  role: 'transform',
  type: 'lookup',
  eventTime: true,
  keyFields: () => ['key'],
  state: () => ({ fields: EVENT_FIELDS, signature: null }),
  keyedReference: () => ({
    schema: { fields: EVENT_FIELDS, partitionedBy: null, eventTimeField: null },
    time: { outOfOrderness: 0, idleTimeout: 0, maxAhead: null, untilRead: true },
    createDecoder: () => decodeEvent,
  }),
  create: () => ({ process: (record, input, out) => input === 0 && out.emit(record) }),
}
const variant: TransformRuntime<object> = {
  role: 'transform',
  type: 'lookup',
  eventTime: false,
  reference: () => ({ connection: 'test', topic: 'groups' }),
  variant: () => keyed,
  create: () => ({ process: () => {} }),
}
const types = { get: (type: string) => (type === 'lookup' ? variant : runtimes.get(type)) }
const graph = pipeline(
  [node('source', events), node('look', lookup), node('out', sink)],
  ['source → look', 'look → out'],
)

const planned = (source: number, reference: number, repartition: number) => {
  const program = prepareProgram(graph, catalogue, types)
  const counts = { source: (id: string) => (isReferenceSource(id) ? reference : source), repartition }
  return { program, stages: planStages(program, counts).stages }
}

it('a keyed reference is a source of its own, whose rows meet the events of their key behind a cut', () => {
  const { program, stages } = planned(3, 2, 4)
  expect(
    stages.map(({ tasks, inputs }) => [tasks, inputs.map(({ kind, nodeId }) => `${kind} ${nodeId}`)]),
  ).toEqual([
    [3, ['source source']],
    [2, ['source look/reference']],
    [4, ['repartition look', 'repartition look']],
  ])
  expect(program.node('look').reference).toEqual({ input: 1, isAwaited: true })
  expect(stages.map(({ cuts }) => cuts.map(({ input, key }) => [input, key]))).toEqual([
    [[0, ['key']]],
    [[1, ['key']]],
    [],
  ])
})

it('with one partition everywhere nothing is cut', () => {
  const { stages } = planned(1, 1, 1)
  expect(stages.length).toBe(1)
  expect(stages[0]?.inputs.map(({ nodeId }) => nodeId)).toEqual(['look/reference', 'source'])
})

it('the progress of a keyed reference is bound to the state that holds its rows', () => {
  const input = (nodeId: string) => ({ kind: 'source', nodeId, partitions: 1 }) as const
  expect(progressName(input('source'), { source: 3 })).toBe('source:source')
  expect(progressName(input(referenceSourceId('look')), { look: 3 })).toBe('source:look/reference@3')
  expect(progressName(input(referenceSourceId('look')), {})).toBe('source:look/reference@0')
  expect([ownerOf('look'), ownerOf('look/reference')]).toEqual(['look', 'look'])
})
