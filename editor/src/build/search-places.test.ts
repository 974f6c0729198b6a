import { expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { analyse } from '../workspace/analysis.ts'
import { nodeTypes } from '../workspace/node-types.ts'
import { BuildActions } from './build-actions.ts'
import { PartActions } from './part-actions.ts'
import { placesOf, searchPlaces } from './search-places.ts'

function open() {
  const graph = orderPipeline()
  const workspace = openForTest(graph)
  const opened = vi.fn()
  const places = placesOf({
    workspace,
    actions: new BuildActions({ workspace, connections: () => [] }),
    schemas: analyse(graph, nodeTypes.catalogue).schemas,
    pipelines: [{ id: 'p2', name: 'Payments' }],
    fit: () => {},
    parts: new PartActions(workspace),
    middle: () => ({ x: 0, y: 0 }),
    tidy: () => {},
    setAppearance: () => {},
    open: opened,
  })
  const find = (text: string) => searchPlaces(places, text)
  const words = (text: string) => find(text).map(({ kind, label }) => `${kind} ${label}`)
  return { workspace, opened, find, words }
}

test('finds a node by its name and its type, and selects it', () => {
  const { workspace, find, words } = open()
  expect(words('filter')[0]).toBe('node filter')
  expect(words('enrich')).toContain('node region')
  find('filter')[0]?.go()
  expect([...workspace.view.getState().nodes]).toEqual(['filter'])
})

test('finds a field once, where it comes into being', () => {
  const { workspace, find, words } = open()
  expect(words('field total')).toEqual(['field total'])
  expect(find('field region').map(({ detail }) => detail)).toEqual(['string · region'])
  find('field total')[0]?.go()
  expect(workspace.view.getState()).toMatchObject({ nodes: new Set(['orders']), panelTab: 'fields' })
})

test('finds actions and pipelines', () => {
  const { workspace, opened, find, words } = open()
  expect(words('select every')[0]).toBe('action Select everything')
  find('select every')[0]?.go()
  expect(workspace.view.getState().nodes.size).toBe(5)
  find('paym')[0]?.go()
  expect(opened).toHaveBeenCalledWith('p2')
})

test('has each place under a key of its own, and nothing for what is nowhere', () => {
  const { find } = open()
  const keys = find('').map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(find('no such thing')).toEqual([])
})
