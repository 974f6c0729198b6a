import { type StreamRecord, statelessOperator, type TransformRuntime } from '@millrace/engine'
import { createCatalogue, defineNode, type PortDefinition } from '@millrace/graph'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { parseExample } from './example.ts'
import type { NodeTypes } from './prepare-example.ts'
import { runExample } from './run-example.ts'

interface SignsConfig {
  readonly zeros: boolean
}

const PORTS: readonly PortDefinition[] = [
  { name: 'zero', label: 'Zeros' },
  { name: 'plus', label: 'Above zero' },
  { name: 'minus', label: 'Below zero' },
]

/** Sorts numbers by their sign; zeros have an output where the config says so. */
const signs = defineNode<SignsConfig>({
  type: 'signs',
  version: 1,
  kind: 'transform',
  title: 'Signs',
  summary: 'Sorts numbers by their sign.',
  icon: 'signs',
  config: Type.Object({ zeros: Type.Boolean() }, { additionalProperties: false }),
  defaults: { zeros: false },
  inputs: [{ name: 'in', label: 'Numbers', updates: 'by-key' }],
  outputs: PORTS,
  openOutputs: ({ zeros }) => PORTS.slice(zeros ? 0 : 1),
  digest: () => '',
  infer: ({ zeros }, { in: input }) => ({
    outputs: input ? { ...(zeros && { zero: input }), plus: input, minus: input } : {},
    issues: [],
  }),
})

function portOf({ row }: StreamRecord): number {
  const value = row[0] as number
  if (value === 0) return 0
  return value > 0 ? 1 : 2
}

const runtime: TransformRuntime<SignsConfig> = {
  role: 'transform',
  type: 'signs',
  eventTime: false,
  create: (_, context) =>
    statelessOperator(context, (record) => ({ row: record.row, port: portOf(record) }), [0, 1, 2]),
}

const types: NodeTypes = {
  catalogue: createCatalogue([signs]),
  runtimes: { get: (type) => (type === 'signs' ? (runtime as never) : undefined) },
}

const run = (expected: string, config = '{ zeros: false }') =>
  runExample(
    parseExample(`
node: signs
title: sorts
config: ${config}
input: { fields: { v: int64 not null } }
steps: [{ at: 1, row: { v: 5 } }, { at: 2, row: { v: -7 } }]
${expected}
`),
    types,
  )

describe('an example of a node with several outputs', () => {
  it('compares the rows of each in every run', async () => {
    await run('outputs: { plus: [{ at: 1, row: { v: 5 } }], minus: [{ row: { v: -7 } }] }')
    await run('outputs: { plus: [{ row: { v: 5 } }], minus: [{ row: { v: -7 } }] }', '{ zeros: true }')
  })

  it('finds a row at the wrong one', async () => {
    const wrong = run('outputs: { minus: [{ row: { v: 5 } }, { row: { v: -7 } }] }')
    await expect(wrong).rejects.toThrow(/output rows of "plus" differ:\s+unexpected/)
  })

  it('finds a row at one that the example does not name', async () => {
    await expect(run('outputs: { plus: [{ row: { v: 5 } }] }')).rejects.toThrow(
      /output rows of "minus" differ:\s+unexpected/,
    )
    await expect(run('output: [{ row: { v: 5 } }]')).rejects.toThrow(/output rows of "minus"/)
  })

  it.each(['zero', 'toString'])('refuses the output %s, which is not open', async (port) => {
    await expect(run(`outputs: { ${port}: [] }`)).rejects.toThrow(
      `names an output "${port}" that the node has not`,
    )
  })

  it('refuses both ways at once', async () => {
    await expect((async () => run('output: []\noutputs: {}'))()).rejects.toThrow('output and outputs')
  })
})
