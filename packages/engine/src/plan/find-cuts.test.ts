import type { GraphNode } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import { catalogue, count, events, merge, odd, pair, runtimes, sink, union } from '../testing/index.ts'
import { findCuts } from './find-cuts.ts'
import { prepareProgram } from './program.ts'

const a = node('a', events)
const b = node('b', events)
const keyed = node('keyed', events, { ...events.defaults, keyedBy: ['key'] })
const keyedB = node('keyedB', events, { ...events.defaults, keyedBy: ['key'] })
const byBoth = node('byBoth', count, { ...count.defaults, key: ['key', 'group'] })
const byGroup = node('byGroup', count, { ...count.defaults, key: ['group'] })
const byKey = node('byKey', count)
const filter = node('filter', odd)
const all = node('all', union)
const pairs = node('pairs', pair)
const both = node('both', merge)
const out = node('out', sink)

interface Case {
  readonly title: string
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly string[]
  /** Partitions of the sources, 4 where they are missing. */
  readonly partitions?: { readonly [source: string]: number }
  /** Keys of cut edges, as in `edges`. */
  readonly cuts: { readonly [edge: string]: readonly string[] | null }
  /** Levels of nodes that are not 0. */
  readonly levels?: { readonly [node: string]: number }
}

const cases: readonly Case[] = [
  {
    title: 'nothing before a node that takes any spread',
    nodes: [a, filter, out],
    edges: ['a → filter', 'filter → out'],
    cuts: {},
  },
  {
    title: 'an edge into a keyed node, where nothing is known of the spread',
    nodes: [a, byKey, out],
    edges: ['a → byKey', 'byKey → out'],
    cuts: { 'a → byKey': ['key'] },
    levels: { byKey: 1, out: 1 },
  },
  {
    title: 'nothing where the spread is the key',
    nodes: [keyed, filter, byKey, out],
    edges: ['keyed → filter', 'filter → byKey', 'byKey → out'],
    cuts: {},
  },
  {
    title: 'nothing where the spread is by a part of the key',
    nodes: [keyed, byBoth, out],
    edges: ['keyed → byBoth', 'byBoth → out'],
    cuts: {},
  },
  {
    title: 'an edge where the key is a part of the spread',
    nodes: [a, byBoth, byGroup, out],
    edges: ['a → byBoth', 'byBoth → byGroup', 'byGroup → out'],
    cuts: { 'a → byBoth': ['key', 'group'], 'byBoth → byGroup': ['group'] },
    levels: { byBoth: 1, byGroup: 2, out: 2 },
  },
  {
    title: 'nothing behind a cut that spread by the same key',
    nodes: [a, byKey, node('again', count), out],
    edges: ['a → byKey', 'byKey → again', 'again → out'],
    cuts: { 'a → byKey': ['key'] },
    levels: { byKey: 1, again: 1, out: 1 },
  },
  {
    title: 'nothing where one task sees everything',
    nodes: [a, byKey, byGroup, out],
    edges: ['a → byKey', 'byKey → byGroup', 'byGroup → out'],
    partitions: { a: 1 },
    cuts: {},
  },
  {
    title: 'an edge that would make a stage wait for itself, by partition',
    nodes: [a, byKey, all, out],
    edges: ['a → byKey', 'a → all', 'byKey → all', 'all → out'],
    cuts: { 'a → byKey': ['key'], 'a → all': null },
    levels: { byKey: 1, all: 1, out: 1 },
  },
  {
    title: 'nothing where streams of the same level meet, whatever their partitions',
    nodes: [a, b, both, out],
    edges: ['a → both.left', 'b → both.right', 'both → out'],
    partitions: { b: 2 },
    cuts: {},
  },
  {
    title: 'both edges where keyed streams meet: the same fields do not mean the same place',
    nodes: [keyed, keyedB, pairs, out],
    edges: ['keyed → pairs.left', 'keyedB → pairs.right', 'pairs → out'],
    cuts: { 'keyed → pairs.left': ['key'], 'keyedB → pairs.right': ['key'] },
    levels: { pairs: 1, out: 1 },
  },
  {
    title: 'by key also what comes from one partition, where it meets a stream of several',
    nodes: [a, b, pairs, out],
    edges: ['a → pairs.left', 'b → pairs.right', 'pairs → out'],
    partitions: { b: 1 },
    cuts: { 'a → pairs.left': ['key'], 'b → pairs.right': ['key'] },
    levels: { pairs: 1, out: 1 },
  },
  {
    title: 'nothing where streams of one partition meet',
    nodes: [a, b, pairs, out],
    edges: ['a → pairs.left', 'b → pairs.right', 'pairs → out'],
    partitions: { a: 1, b: 1 },
    cuts: {},
  },
  {
    title: 'behind a union, whose rows lie anywhere',
    nodes: [keyed, keyedB, all, byKey, out],
    edges: ['keyed → all', 'keyedB → all', 'all → byKey', 'byKey → out'],
    cuts: { 'all → byKey': ['key'] },
    levels: { byKey: 1, out: 1 },
  },
]

describe('findCuts', () => {
  it.each(cases)('cuts $title', ({ nodes, edges, partitions = {}, cuts, levels = {} }) => {
    const program = prepareProgram(pipeline(nodes, edges), catalogue, runtimes)
    const found = findCuts(program, { source: (id) => partitions[id] ?? 4, repartition: 4 })
    const keys = Object.fromEntries(
      edges.flatMap((text) => {
        const id = text.replaceAll(/[^A-Za-z0-9_-]+/g, '_')
        const key = found.keys.get(id)
        return key === undefined ? [] : [[text, key]]
      }),
    )
    expect(keys).toEqual(cuts)
    expect(Object.fromEntries([...found.levels].filter(([, level]) => level > 0))).toEqual(levels)
  })
})
