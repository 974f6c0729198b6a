import { describe, expect, it } from 'vitest'
import { indexGraph, predecessors, successors } from './graph-index.ts'
import { filter, union } from './testing/definitions.ts'
import { edge, node, pipeline } from './testing/graphs.ts'

describe('indexGraph', () => {
  it('finds nodes and their edges, in document order', () => {
    const edges = ['b → a', 'c → a', 'a → c']
    const index = indexGraph(pipeline([node('c', union), node('a', union), node('b', union)], edges))
    expect([...index.nodes.keys()]).toEqual(['c', 'a', 'b'])
    expect(index.incoming.get('a')).toEqual([edge('b → a'), edge('c → a')])
    expect(index.outgoing.get('a')).toEqual([edge('a → c')])
    expect(index.incoming.get('b')).toEqual([])
  })

  it('leaves out edges that miss a node at either end', () => {
    const index = indexGraph(pipeline([node('a', union)], ['a → gone', 'gone → a', 'gone → away']))
    expect([index.incoming, index.outgoing]).toEqual([new Map([['a', []]]), new Map([['a', []]])])
  })

  it('keeps the first of two nodes with one id', () => {
    const first = node('a', union)
    expect(indexGraph(pipeline([first, node('a', filter)], [])).nodes.get('a')).toBe(first)
  })
})

describe('predecessors and successors', () => {
  const index = indexGraph({
    nodes: [node('a', union), node('b', union)],
    edges: [edge('a → b', '1'), edge('a → b', '2')],
  })

  it('name the far end once per edge', () => {
    expect(predecessors(index, 'b')).toEqual(['a', 'a'])
    expect(successors(index, 'a')).toEqual(['b', 'b'])
  })

  it('are empty for a node that does not exist', () => {
    expect([predecessors(index, 'toString'), successors(index, 'toString')]).toEqual([[], []])
  })
})
