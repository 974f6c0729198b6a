import { defineNode, type Inference, type PipelineGraph } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import {
  type CountConfig,
  catalogue,
  count,
  documents,
  events,
  latest,
  lookup,
  merge,
  numbers,
  odd,
  runtimes,
  sink,
  union,
} from '../testing/index.ts'
import { cutFields } from './cut-fields.ts'
import { isStateful, planStages } from './plan-stages.ts'
import { prepareProgram } from './program.ts'
import type { DeploymentPlan, StagePlan } from './stage-plan.ts'

const source = node('source', events)
const filter = node('filter', odd)
const window = node('window', count, { ...count.defaults, preAggregate: true })
const out = node('out', sink)
const keyedWindow = pipeline(
  [source, filter, window, out],
  ['source → filter', 'filter → window', 'window → out'],
)

function programOf(graph: PipelineGraph) {
  return prepareProgram(graph, catalogue, runtimes)
}

function planOf(graph: PipelineGraph, partitions = 4, repartition = 3): DeploymentPlan {
  return planStages(programOf(graph), { source: () => partitions, repartition })
}

/** `from → to` of every edge of a stage; ports and inputs where they are not 0. */
function edgesOf({ edges }: StagePlan): string[] {
  return edges.map(({ from, to }) => {
    const start =
      'input' in from ? `input ${from.input}` : `${from.operator}${from.port === 0 ? '' : `.${from.port}`}`
    const end = 'cut' in to ? `cut ${to.cut}` : `${to.operator}${to.input === 0 ? '' : `.${to.input}`}`
    return `${start} → ${end}`
  })
}

function rolesOf({ operators }: StagePlan): string[] {
  return operators.map(({ id, role, queued }) => `${id} ${role}${queued ? ' queued' : ''}`)
}

describe('planStages', () => {
  it('puts the whole program into one stage where there is one partition', () => {
    const [stage, ...others] = planOf(keyedWindow, 1, 1).stages
    expect(others).toEqual([])
    expect(stage).toEqual({
      id: 's1',
      identity: '{"inputs":["[\\"source\\",\\"source\\"]"],"stateful":["window"]}',
      tasks: 1,
      inputs: [{ kind: 'source', nodeId: 'source', partitions: 1 }],
      operators: [
        { id: 'filter', nodeId: 'filter', role: 'main', queued: false },
        { id: 'window', nodeId: 'window', role: 'main', queued: true },
        { id: 'out', nodeId: 'out', role: 'main', queued: false },
      ],
      edges: [
        { from: { input: 0 }, to: { operator: 'filter', input: 0 } },
        { from: { operator: 'filter', port: 0 }, to: { operator: 'window', input: 0 } },
        { from: { operator: 'window', port: 0 }, to: { operator: 'out', input: 0 } },
      ],
      cuts: [],
      control: false,
    })
  })

  it('adds nothing up before a cut where rows are corrected later', () => {
    const updating = defineNode<CountConfig>({
      ...count,
      inputs: [{ name: 'in', label: 'Rows', updates: 'by-key' }],
      // Late rows would be corrected from several tasks.
      infer: (config, inputs) => {
        const { out: results } = count.infer(config, inputs).outputs
        const outputs: Inference['outputs'] = results ? { out: results, late: results } : {}
        return { outputs, issues: [] }
      },
    })
    const types = {
      get: (type: string) => (type === 'count' ? updating : catalogue.get(type)),
      list: catalogue.list,
    }
    const byGroup = node('window', count, { ...count.defaults, key: ['group'], preAggregate: true })
    const graph = pipeline(
      [source, node('latest', latest), byGroup, out],
      ['source → latest', 'latest → window', 'window → out'],
    )
    const { stages } = planStages(prepareProgram(graph, types, runtimes), { source: () => 4, repartition: 3 })
    expect(stages.flatMap(rolesOf)).toContain('window main queued')
  })

  it('splits a pre-aggregating node over the cut before it', () => {
    const { stages } = planOf(keyedWindow)
    expect(stages.map(rolesOf)).toEqual([
      ['filter main', 'window/partial partial'],
      ['window merge queued', 'out main'],
    ])
    expect(stages.map(edgesOf)).toEqual([
      ['input 0 → filter', 'filter → window/partial', 'window/partial → cut 0'],
      ['input 0 → window', 'window → out'],
    ])
    expect(stages.map(({ tasks }) => tasks)).toEqual([4, 3])
    expect(stages[0]?.cuts).toEqual([{ stage: 's2', input: 0, key: ['key'] }])
    expect(stages[1]?.inputs).toEqual([{ kind: 'repartition', nodeId: 'window', port: 'in', from: ['s1'] }])
  })

  it('lets every row cross where somebody takes late ones', () => {
    const lateSink = node('late', sink)
    const edges = ['source → window', 'window → out', 'window.late → late']
    const graph = pipeline([source, window, out, lateSink], edges)
    const plan = planOf(graph)
    expect(plan.stages.map(rolesOf)).toEqual([[], ['window main queued', 'out main', 'late main']])
    expect(cutFields(programOf(graph), plan.stages[1] as StagePlan, 0)).toBe(
      events.infer(events.defaults, {}).outputs.out?.fields,
    )
  })

  it('lets partial rows cross where rows were added up before', () => {
    const plan = planOf(keyedWindow)
    const names = cutFields(programOf(keyedWindow), plan.stages[1] as StagePlan, 0).map(({ name }) => name)
    expect(names).toEqual(['at', 'key', 'group', 'value', 'n', '#records'])
    expect(cutFields(programOf(keyedWindow), plan.stages[0] as StagePlan, 0)).toEqual([])
  })

  it('has a control topic where an event-time node stands before any cut and there are several tasks', () => {
    const keyed = node('source', events, { ...events.defaults, keyedBy: ['key'] })
    const direct = pipeline([keyed, window, out], ['source → window', 'window → out'])
    expect(planOf(direct).stages.map(({ control }) => control)).toEqual([true])
    expect(planOf(direct, 1).stages.map(({ control }) => control)).toEqual([false])
    expect(planOf(keyedWindow).stages.map(({ control }) => control)).toEqual([false, false])
  })

  it('joins two sources in one stage as wide as the wider', () => {
    const made = node('made', numbers, { partitions: 2 })
    const both = node('both', merge)
    const graph = pipeline(
      [source, made, both, out],
      ['source → both.left', 'made → both.right', 'both → out'],
    )
    const { stages } = planStages(programOf(graph), {
      source: (id) => (id === 'made' ? 2 : 5),
      repartition: 3,
    })
    expect(stages.map(({ tasks, inputs }) => ({ tasks, inputs }))).toEqual([
      {
        tasks: 5,
        inputs: [
          { kind: 'source', nodeId: 'made', partitions: 2 },
          { kind: 'source', nodeId: 'source', partitions: 5 },
        ],
      },
    ])
    expect(stages.map(edgesOf)).toEqual([['input 1 → both', 'input 0 → both.1', 'both → out']])
    expect(stages.map(rolesOf)).toEqual([['both main queued', 'out main']])
  })

  it('queues a node with several edges, state or event time, and no other', () => {
    const all = node('all', union)
    const graph = pipeline(
      [source, filter, all, out],
      ['source → filter', 'source → all', 'filter → all', 'all → out'],
    )
    expect(planOf(graph).stages.map(rolesOf)).toEqual([['filter main', 'all main queued', 'out main']])
    const single = pipeline([source, all, out], ['source → all', 'all → out'])
    expect(planOf(single).stages.map(rolesOf)).toEqual([['all main', 'out main']])
  })

  it('keeps parts that are not connected apart', () => {
    const graph = pipeline(
      [source, out, node('other', events), node('otherOut', sink)],
      ['source → out', 'other → otherOut'],
    )
    expect(planOf(graph, 1).stages.map(({ id, operators }) => [id, operators[0]?.id])).toEqual([
      ['s1', 'out'],
      ['s2', 'otherOut'],
    ])
  })

  it('gives an input of a stage all that flow into it, over one cut from each stage', () => {
    const all = node('all', union)
    const later = node('later', odd)
    const byGroup = node('byGroup', count, { ...count.defaults, key: ['group'], preAggregate: true })
    const graph = pipeline(
      [source, filter, later, window, all, byGroup, out],
      [
        ...['source → filter', 'source → later', 'source → window', 'filter → all', 'later → all'],
        ...['window → all', 'all → byGroup', 'byGroup → out'],
      ],
    )
    const { stages } = planOf(graph)
    expect(stages.map(({ id, inputs }) => [id, inputs])).toEqual([
      ['s1', [{ kind: 'source', nodeId: 'source', partitions: 4 }]],
      [
        's2',
        [
          { kind: 'repartition', nodeId: 'all', port: 'in', from: ['s1'] },
          { kind: 'repartition', nodeId: 'window', port: 'in', from: ['s1'] },
        ],
      ],
      ['s3', [{ kind: 'repartition', nodeId: 'byGroup', port: 'in', from: ['s2'] }]],
    ])
    expect(stages[0]?.cuts).toEqual([
      { stage: 's2', input: 1, key: ['key'] },
      { stage: 's2', input: 0, key: null },
    ])
    expect(edgesOf(stages[0] as StagePlan)).toEqual([
      ...['input 0 → filter', 'input 0 → later', 'input 0 → window/partial', 'window/partial → cut 0'],
      ...['filter → cut 1', 'later → cut 1'],
    ])
  })

  it('adds up what comes along two edges in one partial', () => {
    const graph = pipeline(
      [source, filter, window, out],
      ['source → filter', 'source → window', 'filter → window', 'window → out'],
    )
    expect(edgesOf(planOf(graph).stages[0] as StagePlan)).toEqual([
      ...['input 0 → filter', 'input 0 → window/partial', 'window/partial → cut 0'],
      'filter → window/partial',
    ])
  })

  it('lets every task read a reference topic, which makes a stage no wider', () => {
    const look = node('look', lookup)
    const graph = pipeline([source, look, out], ['source → look', 'look → out'])
    expect(planOf(graph, 2).stages.map(({ tasks, inputs }) => ({ tasks, inputs }))).toEqual([
      {
        tasks: 2,
        inputs: [
          { kind: 'source', nodeId: 'source', partitions: 2 },
          { kind: 'reference', nodeId: 'look' },
        ],
      },
    ])
  })

  it('plans a delivery for every sink outside Kafka', () => {
    const graph = pipeline([source, node('docs', documents)], ['source → docs'])
    expect(planOf(graph).deliveries).toEqual([{ nodeId: 'docs', tasks: 3 }])
    expect(planOf(keyedWindow).deliveries).toEqual([])
  })

  it('plans thousands of nodes in a row', () => {
    const filters = Array.from({ length: 3_000 }, (_, i) => node(`f${i}`, odd))
    const chain = ['source', ...filters.map(({ id }) => id), 'out']
    const graph = pipeline(
      [source, ...filters, out],
      chain.slice(1).map((id, i) => `${chain[i]} → ${id}`),
    )
    expect(planOf(graph).stages.map(({ operators }) => operators.length)).toEqual([3_001])
  })
})

describe('isStateful', () => {
  it('tells nodes that keep state', () => {
    const { nodes } = programOf(keyedWindow)
    expect(nodes.filter(isStateful).map(({ node: { id } }) => id)).toEqual(['window'])
  })
})
