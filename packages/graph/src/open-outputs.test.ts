import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import { inferSchemas } from './infer-schemas.ts'
import type { NodeConfig } from './model.ts'
import { isClosedOutput, openOutputs } from './open-outputs.ts'
import { archive, catalogue, filter, orders, sort } from './testing/definitions.ts'
import { node, pipeline } from './testing/graphs.ts'
import { validate } from './validate.ts'

const eu = { port: 'r2', name: 'EU' }
const us = { port: 'r1', name: 'US' }

function sorted(config: NodeConfig) {
  return pipeline(
    [node('orders', orders), node('sort', sort, config), node('eu', archive), node('us', archive)],
    ['orders → sort', 'sort.r2 → eu', 'sort.r1 → us'],
  )
}

const found = (config: NodeConfig) =>
  validate(sorted(config), catalogue).map(({ code, nodeId, message }) => [code, nodeId, message])

describe('the outputs of a node', () => {
  it('are those that its config opens, in its order and with its labels', () => {
    expect(openOutputs(sort, node('s', sort, { regions: [eu, us] }))).toEqual([
      { name: 'r2', label: 'EU' },
      { name: 'r1', label: 'US' },
    ])
  })

  it('are all of the type where it does not choose, or the config cannot be read', () => {
    expect(openOutputs(filter, node('f', filter))).toBe(filter.outputs)
    expect(openOutputs(sort, node('s', sort, { regions: 1 }))).toBe(sort.outputs)
    expect(openOutputs(sort, { ...node('s', sort), typeVersion: 0 })).toBe(sort.outputs)
  })

  it('are closed where the type has them and the config does not', () => {
    const one = node('s', sort, { regions: [eu] })
    expect(['r1', 'r2', 'r3', 'r4'].filter((port) => isClosedOutput(sort, one, port))).toEqual(['r1', 'r3'])
  })
})

describe('an edge at an output that the config chooses', () => {
  it('stays where it is when entries are reordered or renamed', () => {
    expect(found({ regions: [eu, us] })).toEqual([])
    expect(found({ regions: [{ ...us, name: 'Americas' }, eu] })).toEqual([])
  })

  it('is an issue where the entry is gone, which is mended by a click', () => {
    const graph = sorted({ regions: [us] })
    const [issue, ...others] = validate(graph, catalogue).filter(({ nodeId }) => nodeId === 'sort')
    expect(issue).toMatchObject({
      code: 'closed_port',
      message: 'The connection to "eu" begins at an output that the settings of "sort" do not have any more.',
    })
    expect(others).toEqual([])
    if (!issue?.fix) throw new Error('no fix')
    const mended = applyChange(graph, issue.fix.change).graph
    expect(mended.edges.map(({ from }) => from.port)).toEqual(['out', 'r1'])
  })

  it('carries nothing while the entry is gone', () => {
    expect(inferSchemas(sorted({ regions: [us] }), catalogue).nodes.get('eu')?.inputs.in).toBe(null)
  })

  it('is asked for where nothing takes what comes out, by the label that the config gives', () => {
    const third = { port: 'r3', name: 'Asia' }
    expect(found({ regions: [eu, us, third] })).toEqual([
      [
        'output_unconnected',
        'sort',
        'Nothing takes what comes out of "Asia" of "sort": connect it, or take it out of the settings.',
      ],
    ])
  })

  it('is not judged while the settings do not fit', () => {
    expect(found({ regions: [{ ...eu, x: 1 }] }).map(([code]) => code)).toEqual(['unknown_setting'])
  })
})
