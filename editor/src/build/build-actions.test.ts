import type { ConnectionBody } from '@millrace/contracts'
import { emptyGraph, findNode, type NodeDefinition, serializeGraph } from '@millrace/graph'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { nodeTypes } from '../workspace/node-types.ts'
import { BuildActions } from './build-actions.ts'

const kafka: ConnectionBody = {
  id: 'kafka',
  kind: 'kafka',
  label: 'Kafka',
  settings: {},
  secretNames: [],
  updatedAt: 0,
}

/** What is in view. */
const MIDDLE = { x: 400, y: 300 }

function type(name: string): NodeDefinition {
  const definition = nodeTypes.catalogue.get(name)
  if (definition === undefined) throw new Error(name)
  return definition
}

function open(graph = orderPipeline(), connections = [kafka]) {
  const workspace = openForTest(graph)
  const actions = new BuildActions({ workspace, connections: () => connections })
  const now = () => workspace.document.getState().graph
  const announced = () => workspace.view.getState().announcement
  return { workspace, actions, now, announced, start: serializeGraph(graph) }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('adding', () => {
  test('goes behind the selected node, joined to it, as one step of undo', () => {
    const { workspace, actions, now, start } = open()
    workspace.view.select(['filter'])
    actions.addBesideSelection(type('dedupe'))
    const added = now().nodes.at(-1)
    expect(now().edges.at(-1)).toMatchObject({ from: { node: 'filter' }, to: { node: added?.id } })
    expect(workspace.view.getState().nodes).toEqual(new Set([added?.id]))
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(start)
  })

  test('chooses the connection where only one fits', () => {
    const { actions, now } = open(emptyGraph('x'))
    actions.addAt(type('kafka'), { x: 0, y: 0 })
    expect(now().nodes[0]?.config.connection).toBe('kafka')
    const two = open(emptyGraph('x'), [kafka, { ...kafka, id: 'other' }])
    two.actions.addAt(type('kafka'), { x: 0, y: 0 })
    expect(two.now().nodes[0]?.config.connection).toBe('')
  })

  test('into an edge offers only what has a way through, and joins both ends', () => {
    const { actions, now } = open()
    const fitting = actions.fitting('orders_filter').map((definition) => definition.type)
    expect(fitting).toContain('select')
    expect(fitting).not.toContain('kafka')
    expect(fitting).not.toContain('kafka-sink')
    actions.addIntoEdge(type('dedupe'), 'orders_filter')
    const added = now().nodes.at(-1)?.id
    const ends = now().edges.map(({ from, to }) => `${from.node} → ${to.node}`)
    expect(ends).toEqual(expect.arrayContaining([`orders → ${added}`, `${added} → filter`]))
    expect(ends).not.toContain('orders → filter')
  })

  test('into a short edge moves to the right what is behind it, as one step', () => {
    const { workspace, actions, now, start } = open()
    actions.addIntoEdge(type('dedupe'), 'orders_filter')
    const added = now().nodes.at(-1)?.id ?? ''
    expect(now().layout).toMatchObject({
      ...{ orders: { x: 0, y: 0 }, [added]: { x: 168, y: 0 } },
      ...{ filter: { x: 336, y: 0 }, sink: { x: 840, y: 0 } },
    })
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(start)
  })
})

describe('connecting', () => {
  test('is refused with the reason, which is also announced', () => {
    const { actions, now, announced, start } = open()
    const reason = actions.connect({ node: 'orders', port: 'out' }, { node: 'sink', port: 'in' })
    expect(reason).toContain('takes one connection')
    expect(announced()).toBe(`Refused: ${reason}`)
    expect(serializeGraph(now())).toBe(start)
  })

  test('to a node finds the input that fits', () => {
    const { actions, now, workspace } = open()
    actions.removeEdge('window_sink')
    expect(actions.connectOutput({ node: 'window', port: 'out' }, 'sink')).toBeNull()
    expect(now().edges.at(-1)).toMatchObject({
      from: { node: 'window', port: 'out' },
      to: { node: 'sink', port: 'in' },
    })
    expect(workspace.document.getState().past).toHaveLength(2)
  })
})

describe('a node whose settings choose its outputs', () => {
  const branches = [
    { port: 'b2', name: 'Large', condition: 'total > 100' },
    { port: 'b1', name: 'Small', condition: 'total > 0' },
  ]

  function openBranch() {
    const opened = open()
    opened.actions.addBesideSelection(type('branch'))
    const id = opened.now().nodes.at(-1)?.id ?? ''
    const config = { mode: 'first', branches, rest: 'drop' }
    opened.workspace.document.edit({ kind: 'set-config', nodeId: id, config }, { label: 'Set' })
    const ports = () => opened.now().edges.flatMap(({ from }) => (from.node === id ? [from.port] : []))
    return { ...opened, id, ports }
  }

  test('is connected at the output from which the connection is drawn', () => {
    const { actions, id, ports } = openBranch()
    actions.removeEdge('window_sink')
    expect(actions.connectOutput({ node: id, port: 'b1' }, 'sink')).toBeNull()
    expect(ports()).toEqual(['b1'])
  })

  test('feeds a new node by the first output that nothing takes', () => {
    const { actions, workspace, id, ports } = openBranch()
    for (const sink of [1, 2]) {
      workspace.view.select([id])
      actions.addBesideSelection(type(sink === 1 ? 'select' : 'dedupe'))
    }
    expect(ports()).toEqual(['b2', 'b1'])
  })

  test('refuses a connection from an output that is closed', () => {
    const { actions, id } = openBranch()
    actions.removeEdge('window_sink')
    expect(actions.connectOutput({ node: id, port: 'else' }, 'sink')).toContain('do not have this output')
  })

  test('is refused with the reason where the other node has no input', () => {
    const { actions, id } = openBranch()
    expect(actions.connectOutput({ node: id, port: 'b1' }, 'orders')).toContain('it has no input')
    expect(actions.connectInput('sink', { node: id, port: 'in' })).toContain('it has no output')
  })
})

describe('the selection', () => {
  test('is deleted as one step and announced', () => {
    const { workspace, actions, now, announced } = open()
    workspace.view.select(['filter', 'region'])
    actions.removeSelection()
    expect(now().nodes.map(({ id }) => id)).toEqual(['orders', 'window', 'sink'])
    expect(announced()).toBe('Deleted: 2 nodes.')
    expect(workspace.document.getState().past).toHaveLength(1)
  })

  const ends = ({ edges }: { edges: readonly { from: { node: string }; to: { node: string } }[] }) =>
    edges.map(({ from, to }) => `${from.node} → ${to.node}`)

  test('is deleted and what was around it joined, as one step', () => {
    const { workspace, actions, now, announced } = open()
    actions.addIntoEdge(type('dedupe'), 'orders_filter')
    const before = serializeGraph(now())
    const added = now().nodes.at(-1)?.id ?? ''
    workspace.view.select([added, 'filter'])
    actions.removeAndRejoin()
    expect(ends(now())).toEqual(['region → window', 'window → sink', 'orders → region'])
    expect(announced()).toBe('Deleted: 2 nodes. 1 connection made in place.')
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(before)
  })

  test('is deleted without a connection that would be refused', () => {
    const { workspace, actions, now, announced } = open()
    workspace.view.select(['region'])
    actions.removeAndRejoin()
    expect(ends(now())).toEqual(['orders → filter', 'window → sink'])
    expect(announced()).toBe('Deleted: region. Nothing around it fits together.')
  })

  test('is deleted alone where nothing was on one side of it', () => {
    const { workspace, actions, now } = open()
    workspace.view.select(['orders', 'sink'])
    actions.removeAndRejoin()
    expect(ends(now())).toEqual(['filter → region', 'region → window'])
    workspace.view.select([])
    actions.removeAndRejoin()
    expect(now().nodes).toHaveLength(3)
  })

  test('pasted twice stands in two places, with its settings and under ids of its own', () => {
    const { workspace, actions, now, start } = open()
    workspace.view.select(['filter', 'region'])
    const text = actions.copySelection() ?? ''
    actions.paste(text, MIDDLE)
    actions.paste(text, MIDDLE)
    const { nodes, layout } = now()
    const places = nodes.map(({ id }) => `${layout[id]?.x} ${layout[id]?.y}`)
    expect(new Set(places).size).toBe(nodes.length)
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(9)
    expect(nodes.filter(({ config }) => config.condition === "userId like 'healthcheck%'")).toHaveLength(3)
    expect(workspace.document.getState().past).toHaveLength(2)
    workspace.document.undo()
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(start)
  })

  test('travels as text into another pipeline', () => {
    const one = open()
    one.workspace.view.select(['filter', 'region'])
    const text = one.actions.copySelection() ?? ''
    const other = open(emptyGraph('Other'))
    expect(other.actions.paste(text, MIDDLE)).toBe(true)
    expect(other.now().nodes.map(({ label }) => label)).toEqual(['filter', 'region'])
    expect(other.now().edges).toHaveLength(1)
    expect(findNode(other.now(), 'filter')).toBeUndefined()
  })

  test('any other text is not pasted', () => {
    const { actions } = open()
    for (const text of ['hello', '{}', '[1]', '{"nodes":[]}'])
      expect(actions.paste(text, MIDDLE), text).toBe(false)
  })

  test('is duplicated beside itself', () => {
    const { workspace, actions, now } = open()
    workspace.view.select(['filter'])
    actions.duplicateSelection()
    expect(now().nodes).toHaveLength(6)
    expect(workspace.view.getState().nodes.size).toBe(1)
  })
})

test('moving somewhere and staying there is one step, and standing still is none', () => {
  const { workspace, actions } = open()
  actions.move({ filter: { x: 168, y: 0 } })
  expect(workspace.document.getState().past).toHaveLength(0)
  actions.move({ filter: { x: 170, y: 0 } })
  actions.move({ filter: { x: 172, y: 0 } })
  expect(workspace.document.getState().past.map(({ label }) => label)).toEqual(['Move filter'])
})

describe('at an open end or on a connection', () => {
  const ends = ({ edges }: { edges: readonly { from: { node: string }; to: { node: string } }[] }) =>
    edges.map(({ from, to }) => `${from.node} → ${to.node}`)

  test('a new node is joined to the port from which the connection was drawn, as one step', () => {
    const { workspace, actions, now, start } = open()
    const end = { node: 'window', port: 'out', isOutput: true }
    expect(actions.fittingAt(end).map((definition) => definition.type)).not.toContain('kafka')
    actions.addAtEnd(type('dedupe'), end, { x: 1_003, y: 400 })
    const added = now().nodes.at(-1)?.id ?? ''
    expect(ends(now()).at(-1)).toBe(`window → ${added}`)
    expect(now().layout[added]?.x).toBe(1_000)
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(start)
  })

  test('a node that stands alone goes in with the move that brought it there, as one step', () => {
    const { workspace, actions, now } = open()
    actions.addAt(type('dedupe'), { x: 0, y: 600 })
    const added = now().nodes.at(-1)?.id ?? ''
    const before = serializeGraph(now())
    actions.move({ [added]: { x: 80, y: 8 } })
    expect(actions.mayGoInto(added, 'orders_filter')).toBe(true)
    expect(actions.mayGoInto('region', 'orders_filter')).toBe(false)
    actions.putIntoEdge(added, 'orders_filter')
    expect(ends(now())).toEqual(expect.arrayContaining([`orders → ${added}`, `${added} → filter`]))
    expect(workspace.document.getState().past).toHaveLength(2)
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(before)
  })
})

describe('laying out', () => {
  const beside = { filter: { x: 8, y: 8 }, region: { x: 16, y: 16 } }

  test('moves what is selected as one step', async () => {
    const { workspace, actions, now, start, announced } = open()
    workspace.view.select(['filter', 'region'])
    const asked: string[][] = []
    await actions.tidy(async ({ chosen }) => {
      asked.push([...chosen])
      return beside
    })
    expect(asked).toEqual([['filter', 'region']])
    expect(now().layout).toMatchObject(beside)
    expect(announced()).toBe('Laid out: 2 nodes.')
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(start)
  })

  test('is thrown away where the pipeline was edited meanwhile', async () => {
    const { actions, now, announced } = open()
    await actions.tidy(async () => {
      actions.removeEdge('window_sink')
      return beside
    })
    expect(now().layout.filter).not.toEqual(beside.filter)
    expect(announced()).toContain('edited meanwhile')
  })

  test('says why where no places are found', async () => {
    const { actions, announced, now, start } = open()
    await actions.tidy(async () => {
      throw new Error('It takes too long.')
    })
    expect(announced()).toBe('Not laid out. It takes too long.')
    expect(serializeGraph(now())).toBe(start)
  })
})
