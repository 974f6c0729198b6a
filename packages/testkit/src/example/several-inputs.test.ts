import { type KeyedState, type RuntimeCatalogue, type TransformRuntime, withRow } from '@millrace/engine'
import { type Row, scalar } from '@millrace/expr'
import { createCatalogue, defineNode, type Inference } from '@millrace/graph'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { parseExample } from './example.ts'
import { runExample } from './run-example.ts'

const N = { name: 'n', type: scalar('int64', false) }
const final = { refused: 'it cannot take back what it has counted' }

/** Numbers the calls of each caller since the last reset; resets come at an input of their own. */
const number = defineNode<object>({
  type: 'number',
  version: 1,
  kind: 'transform',
  title: 'Number',
  summary: 'Numbers calls since the last reset.',
  icon: 'number',
  config: Type.Object({}, { additionalProperties: false }),
  defaults: {},
  inputs: [
    { name: 'calls', label: 'Calls', updates: final, edges: 'many' },
    { name: 'resets', label: 'Resets', updates: final },
  ],
  outputs: [
    { name: 'out', label: 'Calls' },
    { name: 'late', label: 'Late calls', optional: true },
  ],
  digest: () => '',
  infer: (_, { calls }): Inference => ({
    outputs: calls ? { out: { ...calls, fields: [...calls.fields, N] }, late: calls } : {},
    issues: [],
  }),
})

const honest: TransformRuntime<object> = {
  role: 'transform',
  type: 'number',
  eventTime: true,
  keyFields: (_, input) => [input === 0 ? 'caller' : 'who'],
  state: () => ({ fields: [N], signature: {} }),
  create: (_, { state, watermark }) => ({
    touches: ({ row }, _input, touch) => touch(String(row[0]), ''),
    process(record, input, out) {
      const key = String(record.row[0])
      if (input === 1) {
        state.delete(key, '')
        out.drop(record, 'reset')
        return
      }
      if (record.time <= watermark()) {
        out.late(record)
        return
      }
      const n = ((state.get(key, '')?.[0] as number | undefined) ?? 0) + 1
      state.put(key, '', [n])
      out.emit(withRow(record, [...record.row, n]))
    },
  }),
}

const EXAMPLE = `
node: number
title: numbers calls
config: {}
inputs:
  calls: { fields: { caller: string not null } }
  others: { fields: { caller: string not null }, port: calls }
  resets: { fields: { who: string not null, code: int64 } }
steps:
  - { to: calls, at: 1, row: { caller: a } }
  - { to: others, at: 2, row: { caller: a } }
  - { to: calls, at: 3, row: { caller: b } }
  - { to: resets, at: 4, row: { who: a, code: 7 } }
  - { to: calls, at: 5, row: { caller: a } }
  - { watermark: 6 }
  - { to: others, at: 6, row: { caller: a } }
  - { to: calls, watermark: 9 }
  - { to: others, watermark: 9 }
  - { to: others, at: 8, row: { caller: a } }
  - { to: resets, watermark: 9 }
  - { to: others, at: 9, row: { caller: a } }
output:
  - { at: 1, row: { caller: a, n: 1 } }
  - { at: 2, row: { caller: a, n: 2 } }
  - { at: 3, row: { caller: b, n: 1 } }
  - { at: 5, row: { caller: a, n: 1 } }
  - { at: 8, row: { caller: a, n: 2 } }
late: [{ caller: a }, { caller: a }]
dropped: [{ to: resets, row: { who: a, code: 7 }, cause: reset }]
`

function run(yaml: string, runtime = honest): Promise<void> {
  const runtimes: RuntimeCatalogue = { get: (type) => (type === 'number' ? runtime : undefined) }
  return runExample(parseExample(yaml), { catalogue: createCatalogue([number]), runtimes })
}

/** The node with another way to make its operator. */
function broken(create: TransformRuntime<object>['create']): TransformRuntime<object> {
  return { ...honest, create }
}

describe('an example with several inputs', () => {
  it('runs in every way, in the order of its steps', () => run(EXAMPLE))

  it('fails in one task where the node mixes up its inputs', async () => {
    const swapped = broken((config, context) => {
      const operator = honest.create(config, context)
      return { ...operator, process: (record, _, out) => operator.process(record, 0, out) }
    })
    await expect(run(EXAMPLE, swapped)).rejects.toThrow('numbers calls, straight:')
  })

  it('fails after a crash where the node keeps something beside its state', async () => {
    const leaking = broken((config, context) => {
      const rows = new Map<string, Row>()
      const state: KeyedState = {
        ...context.state,
        get: (key) => rows.get(key),
        put: (key, _, row) => rows.set(key, row),
        delete: (key) => rows.delete(key),
      }
      return honest.create(config, { ...context, state })
    })
    await expect(run(EXAMPLE, leaking)).rejects.toThrow('crashed')
  })

  it('fails over several partitions where one input is not spread by the key', async () => {
    const astray: TransformRuntime<object> = {
      ...honest,
      keyFields: (_, input) => (input === 0 ? ['caller'] : ['code']),
    }
    await expect(run(EXAMPLE, astray)).rejects.toThrow('over 3 partitions')
  })

  it.each([
    ['a step that names no input', '{ to: calls, at: 1,', '{ at: 1,', 'does not say to which input'],
    [
      'a step that names an unknown one',
      '{ to: calls, at: 1,',
      '{ to: call, at: 1,',
      'no input is called call',
    ],
    ['an input without a port', 'port: calls', 'port: call', 'the node has no input call'],
    ['a dropped row of another input', '{ to: resets, row', '{ to: calls, row', 'a field "who"'],
  ])('is refused for %s', async (_, from, to, message) => {
    await expect(run(EXAMPLE.replace(from, to))).rejects.toThrow(message)
  })

  it('has either one input or several', async () => {
    await expect(run(EXAMPLE.replace('inputs:', 'input: { fields: {} }\ninputs:'))).rejects.toThrow('both')
  })
})
