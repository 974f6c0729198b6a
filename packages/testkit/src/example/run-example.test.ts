import { RecordError, type RuntimeCatalogue, type TransformRuntime } from '@millrace/engine'
import { type Row, scalar } from '@millrace/expr'
import { createCatalogue, defineNode, type Inference } from '@millrace/graph'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { parseExample } from './example.ts'
import type { NodeTypes } from './prepare-example.ts'
import { runExample } from './run-example.ts'

/** Numbers the events of each key; negative ones are errors, zeros are dropped. A small node with all that nodes have. */
const number = defineNode<object>({
  type: 'number',
  version: 1,
  kind: 'transform',
  title: 'Number',
  summary: 'Numbers the events of each key.',
  icon: 'number',
  config: Type.Object({}, { additionalProperties: false }),
  defaults: {},
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Events' }],
  digest: () => '',
  infer: (_, { in: input }): Inference => ({
    outputs: input
      ? { out: { ...input, fields: [...input.fields, { name: 'n', type: scalar('int64', false) }] } }
      : {},
    issues: [],
  }),
})

const honest: TransformRuntime<object> = {
  role: 'transform',
  type: 'number',
  eventTime: true,
  keyFields: () => ['k'],
  state: () => ({ fields: [{ name: 'n', type: scalar('int64', false) }], signature: {} }),
  create: (_, { state }) => ({
    touches: ({ row }, _input, touch) => touch(String(row[0]), ''),
    process(record, _input, out) {
      const [key, value] = record.row as readonly [string, number]
      if (value < 0) throw new RecordError('negative', 'negative')
      if (value === 0) {
        out.drop(record, 'zero')
        return
      }
      const n = ((state.get(key, '')?.[0] as number | undefined) ?? 0) + 1
      state.put(key, '', [n])
      out.emit({ ...record, row: [...record.row, n] })
    },
  }),
}

const EXAMPLE = `
node: number
title: numbers events
config: {}
input:
  fields: { k: string not null, v: int64 not null }
steps:
  - { at: 1, row: { k: a, v: 5 } }
  - { at: 2, row: { k: b, v: 5 } }
  - { at: 3, row: { k: a, v: 0 } }
  - { at: 4, row: { k: a, v: -1 } }
  - { at: 5, row: { k: a, v: 6 } }
output:
  - { at: 1, row: { k: a, v: 5, n: 1 } }
  - { at: 2, row: { k: b, v: 5, n: 1 } }
  - { at: 5, row: { k: a, v: 6, n: 2 } }
dropped: [{ row: { k: a, v: 0 }, cause: zero }]
errors: [{ at: 3, code: negative }]
`

function typesWith(runtime: TransformRuntime<object>): NodeTypes {
  const runtimes: RuntimeCatalogue = { get: (type) => (type === 'number' ? runtime : undefined) }
  return { catalogue: createCatalogue([number]), runtimes }
}

function run(runtime: TransformRuntime<object>, yaml = EXAMPLE): Promise<void> {
  return runExample(parseExample(yaml), typesWith(runtime))
}

/** The honest node with another way to handle a record. */
function changed(create: TransformRuntime<object>['create']): TransformRuntime<object> {
  return { ...honest, create }
}

describe('runExample', () => {
  it('passes for a node that does what the example says', () => run(honest))

  it.each([
    ['another value', 'v: 6, n: 2', 'v: 6, n: 3', 'output rows differ'],
    [
      'another time',
      'at: 5, row: { k: a, v: 6, n: 2',
      'at: 6, row: { k: a, v: 6, n: 2',
      'output rows differ',
    ],
    ['another cause', 'cause: zero', 'cause: nothing', 'dropped rows differ'],
    ['another code', 'code: negative', 'code: positive', 'errors differ'],
    ['another place of an error', '{ at: 3, code', '{ at: 2, code', 'errors differ'],
    [
      'nothing dropped',
      'dropped: [{ row: { k: a, v: 0 }, cause: zero }]',
      'dropped: []',
      'counter "filtered"',
    ],
  ])('refuses an example that says %s', async (_, from, to, message) => {
    expect(EXAMPLE).toContain(from)
    await expect(run(honest, EXAMPLE.replace(from, to))).rejects.toThrow(message)
  })

  it('catches a node that keeps its state in memory of its own', async () => {
    const forgetful = changed(() => {
      const counts = new Map<string, number>()
      return operatorOver({ get: (key) => counts.get(key), put: (key, n) => void counts.set(key, n) })
    })
    await expect(run(forgetful)).rejects.toThrow('crashed and restored')
  })

  it('catches a node that shares state between its instances', async () => {
    const counts = new Map<string, number>()
    const sharing = changed(() =>
      operatorOver({ get: (key) => counts.get(key), put: (key, n) => void counts.set(key, n) }),
    )
    await expect(run(sharing)).rejects.toThrow('output rows differ')
  })

  it('catches a node that does not name the state rows it needs', async () => {
    const silent = changed((config, context) => ({ ...honest.create(config, context), touches: undefined }))
    await expect(run(silent)).rejects.toThrow('was not fetched')
  })

  it('catches a node that changes its state before it fails', async () => {
    const hasty = changed((_, { state }) =>
      operatorOver(
        {
          get: (key) => state.get(key, '')?.[0] as number | undefined,
          put: (key, n) => state.put(key, '', [n]),
        },
        true,
      ),
    )
    await expect(run(hasty)).rejects.toThrow('output rows differ')
  })

  it('catches a keyed node that does not say its key', async () => {
    await expect(run({ ...honest, keyFields: () => ['v'] })).rejects.toThrow('over 3 partitions')
  })

  it('catches a node that loses rows without counting them', async () => {
    const losing = changed((config, context) => {
      const operator = honest.create(config, context)
      return {
        ...operator,
        process: (record, input, out) =>
          operator.process(record, input, { ...bound(out), drop: () => undefined }),
      }
    })
    await expect(run(losing)).rejects.toThrow('counter "filtered" is 0, not 1')
  })

  it('catches pre-aggregation that leads to something else', async () => {
    const wrong: TransformRuntime<object> = {
      ...honest,
      preAggregation: () => ({
        fields: [
          { name: 'k', type: scalar('string', false) },
          { name: 'v', type: scalar('int64', false) },
        ],
        createPartial: () => ({
          process(record, _input, out) {
            if ((record.row[1] as number) > 5) out.emit({ ...record, row: [record.row[0] ?? null, 7] })
            else out.emit(record)
          },
        }),
        createMerge: (context) => honest.create({}, context),
      }),
    }
    await expect(run(wrong)).rejects.toThrow('over 3 partitions')
  })

  it('moves the clock by hand, in every run that does not crash', async () => {
    const runs = new Set<number>()
    const ticking: TransformRuntime<object> = {
      ...honest,
      tick: () => 10,
      create: (config, context) => {
        const operator = honest.create(config, context)
        return {
          touches: (record, input, touch) => operator.touches?.(record, input, touch),
          process(record, input, out) {
            operator.process(record, input, out)
            context.state.wake(String(record.row[0]), '')
          },
          onTick({ now, key, row }, out) {
            runs.add(now)
            out.emit({ row: [key, 0, row[0] ?? null], time: now, sourceTime: now, origin: null })
          },
        }
      },
    }
    const rest = EXAMPLE.slice(EXAMPLE.indexOf('  - { at: 3'))
    const clocked = EXAMPLE.replace('steps:', 'steps:\n  - { clock: 100 }')
      .replace(rest, `  - { clock: 110 }\n${rest}`)
      .replace(
        'output:',
        'output:\n  - { at: 110, row: { k: a, v: 0, n: 1 } }\n  - { at: 110, row: { k: b, v: 0, n: 1 } }',
      )
    await run(ticking, clocked)
    expect([...runs]).toEqual([110])
    await expect(run(honest, clocked)).rejects.toThrow('output rows differ')
  })

  it('refuses a config that the node type does not take', async () => {
    await expect(run(honest, EXAMPLE.replace('config: {}', 'config: { size: 1 }'))).rejects.toThrow(
      'unknown_setting at size',
    )
  })

  it('refuses a row that does not fit the input', async () => {
    await expect(run(honest, EXAMPLE.replace('k: b, v: 5 } }', 'v: 5 } }'))).rejects.toThrow(
      'does not fit its input',
    )
  })

  it('refuses an output schema other than the one that is inferred', async () => {
    const schema = 'schema:\n  fields: { k: string not null, v: int64 not null }\nsteps:'
    await expect(run(honest, EXAMPLE.replace('steps:', schema))).rejects.toThrow('the output schema is')
  })
})

describe('parseExample', () => {
  it('refuses members that mean nothing', () => {
    expect(() => parseExample(`${EXAMPLE}\noutputs: []`)).toThrow('this is no example')
  })

  it('reads whole numbers with all their digits', () => {
    const example = parseExample(EXAMPLE.replace('v: 6 }', 'v: 9007199254740993 }'))
    expect(example.steps?.at(-1)).toMatchObject({ row: { v: 9007199254740993n } })
  })
})

interface Counts {
  get(key: string): number | undefined
  put(key: string, n: number): void
}

/** The honest node over other state; `hasty` counts before it looks. */
function operatorOver(counts: Counts, hasty = false): ReturnType<typeof honest.create> {
  return {
    touches: ({ row }, _input, touch) => touch(String(row[0]), ''),
    process(record, _input, out) {
      const [key, value] = record.row as readonly [string, number]
      const n = (counts.get(key) ?? 0) + 1
      if (hasty) counts.put(key, n)
      if (value < 0) throw new RecordError('negative', 'negative')
      if (value === 0) {
        out.drop(record, 'zero')
        return
      }
      counts.put(key, n)
      const row: Row = [...record.row, n]
      out.emit({ ...record, row })
    },
  }
}

function bound(out: Parameters<ReturnType<typeof honest.create>['process']>[2]) {
  return {
    emit: out.emit.bind(out),
    drop: out.drop.bind(out),
    late: out.late.bind(out),
    fault: out.fault.bind(out),
  }
}
