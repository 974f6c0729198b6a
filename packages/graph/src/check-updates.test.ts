import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import { canConnect } from './can-connect.ts'
import type { PipelineGraph } from './model.ts'
import { archive, catalogue, enrich, filter, latest, orders, union, window } from './testing/definitions.ts'
import { node, pipeline } from './testing/graphs.ts'
import { validate } from './validate.ts'

const forgetful = { output: 'updating', before: false }
const nodes = [
  node('orders', orders),
  node('latest', latest),
  node('forgetful', latest, forgetful),
  node('filter', filter, { field: 'region' }),
  node('enrich', enrich),
  node('window', window),
  node('archive', archive),
]

function refusals(graph: PipelineGraph) {
  return validate(graph, catalogue).filter(({ code }) => code === 'updates_refused')
}

function refused(...edges: string[]) {
  return refusals(pipeline(nodes, edges))
}

describe('an updating stream', () => {
  it('flows into what handles its updates', () => {
    expect(refused('orders → latest', 'latest → filter', 'filter → enrich', 'enrich → archive')).toEqual([])
  })

  it('is refused by a node that needs final rows, with its reason and with the node that makes the updates', () => {
    const graph = pipeline(nodes, ['orders → latest', 'latest → filter', 'filter → window'])
    const [issue] = refusals(graph)
    expect(issue).toMatchObject({
      severity: 'error',
      nodeId: 'window',
      message:
        '"window" takes only rows that are final: a closed window cannot be opened again. But "latest" corrects rows that it has sent.',
      fix: { label: 'Send final rows alone', change: { kind: 'set-config', nodeId: 'latest' } },
    })
    const mended = applyChange(graph, issue?.fix?.change as Parameters<typeof applyChange>[1]).graph
    expect(refusals(mended)).toEqual([])
  })

  it('is refused where it meets other streams, with the node that makes the updates', () => {
    const all = pipeline(
      [...nodes, node('union', union)],
      ['orders → union', 'orders → latest', 'latest → union'],
    )
    const [issue] = refusals(all)
    expect(issue).toMatchObject({
      message: expect.stringContaining('rows of two streams could have one key. But "latest" corrects'),
      fix: { change: { nodeId: 'latest' } },
    })
    expect(validate(all, catalogue).map(({ code }) => code)).not.toContain('inputs_differ')
  })

  it('that tells only keys is refused by a node that must know what a row was', () => {
    const [issue, ...more] = refused(
      'orders → latest',
      'latest → forgetful',
      'forgetful → filter',
      'filter → enrich',
    )
    expect(more).toEqual([])
    expect(issue).toMatchObject({
      nodeId: 'enrich',
      message: '"enrich" must be told what a corrected row was before, and "forgetful" no longer tells.',
    })
  })

  it('may not be connected where it is refused', () => {
    const graph = pipeline(nodes, ['orders → latest'])
    const to = { node: 'window', port: 'in' }
    expect(canConnect(graph, catalogue, { node: 'latest', port: 'out' }, to)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('takes only rows that are final'),
    })
    expect(canConnect(graph, catalogue, { node: 'orders', port: 'out' }, to)).toEqual({ ok: true })
  })

  it('offers no fix where its maker has none', () => {
    const noFix = { ...latest, finalFix: undefined }
    const other = {
      get: (type: string) => (type === 'latest' ? noFix : catalogue.get(type)),
      list: catalogue.list,
    }
    const [issue] = validate(pipeline(nodes, ['orders → latest', 'latest → window']), other).filter(
      ({ code }) => code === 'updates_refused',
    )
    expect(issue?.fix).toBe(undefined)
  })
})
