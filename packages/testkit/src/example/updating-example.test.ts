import { asDeletion, asUpdate, type Operator, type TransformRuntime } from '@millrace/engine'
import { type Row, scalar } from '@millrace/expr'
import { createCatalogue, defineNode, type Inference, type StreamUpdates } from '@millrace/graph'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { parseExample } from './example.ts'
import { runExample } from './run-example.ts'

const FIELDS = ['k', 'v'].map((name) => ({ name, type: scalar('int64', false) }))
const UPDATES: StreamUpdates = { key: ['k'], before: true }

/** The sum of the rows of each key as they are now: an updating stream in, an updating stream out. */
const total = defineNode<object>({
  type: 'total',
  version: 1,
  kind: 'transform',
  title: 'Total',
  summary: 'Adds up.',
  icon: 'sum',
  config: Type.Object({}, { additionalProperties: false }),
  defaults: {},
  inputs: [{ name: 'in', label: 'Rows', updates: 'with-before' }],
  outputs: [{ name: 'out', label: 'Totals' }],
  digest: () => '',
  infer: (_, { in: input }): Inference => ({
    outputs: input
      ? { out: { fields: FIELDS, partitionedBy: null, eventTimeField: null, updates: UPDATES } }
      : {},
    issues: [],
  }),
})

const honest: TransformRuntime<object> = {
  role: 'transform',
  type: 'total',
  eventTime: false,
  keyFields: () => ['k'],
  state: () => ({ fields: FIELDS, signature: {} }),
  create: (_, { state }): Operator => ({
    touches: ({ row }, _input, touch) => touch(String(row[0]), ''),
    process(record, _input, out) {
      const key = String(record.row[0])
      const was = state.get(key, '')
      const v =
        number(was) +
        (record.kind === 'delete' ? -number(record.row) : number(record.row) - number(record.before))
      const row = [record.row[0] ?? null, v]
      if (v === 0) state.delete(key, '')
      else state.put(key, '', row)
      if (v === 0 && was) out.emit(asDeletion(record, was))
      else if (v === 0) out.drop(record, 'nothing')
      else if (was) out.emit(asUpdate({ ...record, row }, was))
      else out.emit({ ...record, row })
    },
  }),
}

function number(row: Row | undefined): number {
  return (row?.[1] ?? 0) as number
}

const EXAMPLE = `
node: total
title: adds up
config: {}
input:
  fields: { id: int64 not null, v: int64 not null, k: int64 not null }
  updates: { key: [id], before: true }
steps:
  - { at: 1, row: { id: 1, k: 7, v: 5 } }
  - { at: 2, row: { id: 2, k: 7, v: 6 } }
  - { at: 3, row: { id: 1, k: 8, v: 5 }, kind: update, before: { id: 1, k: 7, v: 5 } }
  - { at: 4, row: { id: 3, k: 9, v: 1 } }
  - { at: 5, row: { id: 2, k: 7, v: 60 }, kind: update, before: { id: 2, k: 7, v: 6 } }
  - { at: 6, row: { id: 3, k: 9, v: 1 }, kind: delete }
output:
  - { at: 5, row: { k: 7, v: 60 } }
  - { at: 3, row: { k: 8, v: 5 } }
`

/** The input's fields stand in another order: the node sees key and value alone. */
const narrowed: TransformRuntime<object> = {
  ...honest,
  create: (config, context) => {
    const inner = honest.create(config, context)
    const narrow = (row: Row): Row => [row[2] ?? null, row[1] ?? null]
    return {
      touches: (record, input, touch) =>
        inner.touches?.({ ...record, row: narrow(record.row) }, input, touch),
      process: ({ row, before, ...rest }, input, out) =>
        inner.process({ ...rest, row: narrow(row), ...(before && { before: narrow(before) }) }, input, out),
    }
  },
}

function run(runtime: TransformRuntime<object>, yaml = EXAMPLE): Promise<void> {
  const runtimes = { get: (type: string) => (type === 'total' ? runtime : undefined) }
  return runExample(parseExample(yaml), { catalogue: createCatalogue([total]), runtimes } as never)
}

describe('an example of an updating stream', () => {
  it('passes for a node that leaves the right rows behind, alone or over partitions', () => run(narrowed))

  it.each([
    [
      'a row that was corrected later',
      'v: 60 } }\n  - { at: 3',
      'v: 11 } }\n  - { at: 3',
      'output rows differ',
    ],
    ['a row that was taken back', 'output:', 'output:\n  - { row: { k: 9, v: 1 } }', 'output rows differ'],
    [
      'another input than that of a later row',
      'at: 5, row: { k: 7',
      'at: 6, row: { k: 7',
      'output rows differ',
    ],
  ])('refuses %s', async (_, from, to, message) => {
    expect(EXAMPLE).toContain(from)
    await expect(run(narrowed, EXAMPLE.replace(from, to))).rejects.toThrow(message)
  })

  it('catches a node that sends changes into an append-only stream', async () => {
    const types = {
      catalogue: createCatalogue([{ ...total, infer: appendOnly }]),
      runtimes: { get: () => narrowed },
    }
    await expect(runExample(parseExample(EXAMPLE), types as never)).rejects.toThrow('which is append-only')
  })

  it('catches a node that does not tell what its rows were', async () => {
    const silent: TransformRuntime<object> = {
      ...narrowed,
      create: (config, context) => {
        const inner = narrowed.create(config, context)
        return {
          ...inner,
          process: (record, input, out) =>
            inner.process(record, input, {
              emit: ({ before: _, ...rest }) => out.emit(rest),
              drop: (one, cause) => out.drop(one, cause),
              late: (one) => out.late(one),
              fault: (row, fault) => out.fault(row, fault),
            }),
        }
      },
    }
    await expect(run(silent)).rejects.toThrow('without the row before')
  })

  it('refuses a schema that says something else of updates', async () => {
    const schema = 'schema:\n  fields: { k: int64 not null, v: int64 not null }\nsteps:'
    await expect(run(narrowed, EXAMPLE.replace('steps:', schema))).rejects.toThrow(
      'updating by k, before true',
    )
  })
})

function appendOnly(): Inference {
  return { outputs: { out: { fields: FIELDS, partitionedBy: null, eventTimeField: null } }, issues: [] }
}
