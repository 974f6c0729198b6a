import { type Field, scalar } from '@millrace/expr'
import { Type } from 'typebox'
import { createCatalogue, defineNode } from '../define-node.ts'
import type { ConfigIssue, FormHint, Inference } from '../definition.ts'
import { fieldOf, type StreamSchema } from '../stream-schema.ts'

const closed = { additionalProperties: false }
const duration: FormHint = { control: 'duration' }

/** The only output has the schema of the only input. */
function passOn(input: StreamSchema | null | undefined): Inference['outputs'] {
  return input ? { out: input } : {}
}

interface OrdersConfig {
  fields: string[]
}

/** A source whose fields are what its config says, all of them text. */
export const orders = defineNode<OrdersConfig>({
  type: 'orders',
  version: 1,
  kind: 'source',
  title: 'Orders',
  summary: 'Sample orders.',
  icon: 'source',
  config: Type.Object({ fields: Type.Array(Type.String({ minLength: 1 }), { uniqueItems: true }) }, closed),
  defaults: { fields: ['orderId', 'region'] },
  inputs: [],
  outputs: [{ name: 'out', label: 'Orders' }],
  digest: ({ fields }) => fields.join(', '),
  infer: ({ fields }) => ({ outputs: { out: textStream(fields) }, issues: [] }),
})

interface FilterConfig {
  field: string
  mode?: 'keep' | 'drop'
}

/** Names one field, which must exist in what flows in. */
export const filter = defineNode<FilterConfig>({
  type: 'filter',
  version: 1,
  kind: 'transform',
  title: 'Filter',
  summary: 'Keeps events that have a field.',
  icon: 'filter',
  config: Type.Object(
    { field: Type.String(), mode: Type.Optional(Type.Union([Type.Literal('keep'), Type.Literal('drop')])) },
    closed,
  ),
  defaults: { field: '' },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Kept' }],
  digest: ({ field }) => field,
  infer: ({ field }, inputs) => {
    const input = inputs.in ?? null
    return { outputs: passOn(input), issues: checkField(field, input) }
  },
})

function checkField(field: string, input: StreamSchema | null): ConfigIssue[] {
  const path = ['field']
  if (field === '') return [{ code: 'field_missing', path, message: 'Choose a field.' }]
  const [first] = input?.fields ?? []
  if (!input || !first || fieldOf(input, field)) return []
  const fix = { label: `Use "${first.name}"`, path, value: first.name }
  return [{ code: 'unknown_field', path, message: `There is no field "${field}".`, fix }]
}

interface WindowConfig {
  size: number
  aggregates: { name: string; argument?: string }[]
}

/** Has a second output that may stay unconnected, and settings with bounds. Its first version said `sizeSeconds`. */
export const window = defineNode<WindowConfig>({
  type: 'window',
  version: 2,
  kind: 'transform',
  title: 'Window',
  summary: 'Counts events per span of time.',
  icon: 'window',
  config: Type.Object(
    {
      size: Type.Integer({ minimum: 1, 'x-ui': duration }),
      aggregates: Type.Array(
        Type.Object(
          { name: Type.String({ title: 'Name', minLength: 1 }), argument: Type.Optional(Type.String()) },
          closed,
        ),
        { title: 'Aggregates', minItems: 1 },
      ),
    },
    closed,
  ),
  defaults: { size: 60_000, aggregates: [{ name: 'count' }] },
  inputs: [{ name: 'in', label: 'Events', updates: { refused: 'a closed window cannot be opened again' } }],
  outputs: [
    { name: 'out', label: 'Results' },
    { name: 'late', label: 'Late events', optional: true },
  ],
  digest: ({ size }) => `${size} ms`,
  infer: ({ aggregates }, inputs) => ({
    outputs: { out: textStream(aggregates.map(({ name }) => name)), ...(inputs.in && { late: inputs.in }) },
    issues: [],
  }),
  migrate: ({ sizeSeconds, ...rest }) => {
    if (typeof sizeSeconds !== 'number') throw new TypeError('sizeSeconds must be a number')
    return { ...rest, size: sizeSeconds * 1_000 }
  },
})

interface SortConfig {
  regions: { port: string; name: string }[]
}

const SORT_PORTS = ['r1', 'r2', 'r3'] as const

/** Has an output for each region that its config names. */
export const sort = defineNode<SortConfig>({
  type: 'sort',
  version: 1,
  kind: 'transform',
  title: 'Sort',
  summary: 'Sorts events by region.',
  icon: 'branch',
  config: Type.Object(
    {
      regions: Type.Array(Type.Object({ port: Type.Enum([...SORT_PORTS]), name: Type.String() }, closed)),
    },
    closed,
  ),
  defaults: { regions: [] },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: SORT_PORTS.map((name, i) => ({ name, label: `Region ${i + 1}` })),
  openOutputs: ({ regions }) => regions.map(({ port, name }) => ({ name: port, label: name })),
  digest: ({ regions }) => regions.map(({ name }) => name).join(', '),
  infer: ({ regions }, { in: input }) => ({
    outputs: input ? Object.fromEntries(regions.map(({ port }) => [port, input])) : {},
    issues: [],
  }),
})

interface UnionConfig {
  fill?: boolean
}

/** One input that takes many edges. */
export const union = defineNode<UnionConfig>({
  type: 'union',
  version: 1,
  kind: 'transform',
  title: 'Union',
  summary: 'Puts streams together.',
  icon: 'union',
  config: Type.Object({ fill: Type.Optional(Type.Boolean()) }, closed),
  defaults: {},
  inputs: [
    {
      name: 'in',
      label: 'Streams',
      edges: 'many',
      updates: { refused: 'rows of two streams could have one key' },
      missingFields: ({ fill }) =>
        fill === true ? 'fill' : { fix: { label: 'Fill with null', path: ['fill'], value: true } },
    },
  ],
  outputs: [{ name: 'out', label: 'All' }],
  digest: () => '',
  infer: (_config, inputs) => ({ outputs: passOn(inputs.in), issues: [] }),
})

/** Two inputs, of which one may stay unconnected. */
export const enrich = defineNode<object>({
  type: 'enrich',
  version: 1,
  kind: 'transform',
  title: 'Enrich',
  summary: 'Adds reference data.',
  icon: 'enrich',
  config: Type.Object({}, closed),
  defaults: {},
  inputs: [
    { name: 'in', label: 'Events', updates: 'with-before' },
    { name: 'reference', label: 'Reference', optional: true, updates: 'by-key' },
  ],
  outputs: [{ name: 'out', label: 'Enriched' }],
  digest: () => '',
  infer: (_config, inputs) => ({ outputs: passOn(inputs.in), issues: [] }),
})

interface LatestConfig {
  output: 'final' | 'updating'
  before: boolean
}

/** The latest order of each id: once, or again with every change, which tells what it replaces or does not. */
export const latest = defineNode<LatestConfig>({
  type: 'latest',
  version: 1,
  kind: 'transform',
  title: 'Latest',
  summary: 'Keeps the latest of each id.',
  icon: 'latest',
  config: Type.Object(
    { output: Type.Union([Type.Literal('final'), Type.Literal('updating')]), before: Type.Boolean() },
    closed,
  ),
  defaults: { output: 'updating', before: true },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Latest' }],
  digest: () => '',
  infer: ({ output, before }, { in: input }) => {
    const updates = output === 'updating' ? { key: ['orderId'], before } : undefined
    return { outputs: passOn(input && { ...input, updates }), issues: [] }
  },
  finalFix: ({ output }) =>
    output === 'final' ? null : { label: 'Send final rows alone', path: ['output'], value: 'final' },
})

/** Takes everything. */
export const archive = defineNode<object>({
  type: 'archive',
  version: 1,
  kind: 'sink',
  title: 'Archive',
  summary: 'Keeps everything.',
  icon: 'sink',
  config: Type.Object({}, closed),
  defaults: {},
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [],
  digest: () => '',
  infer: () => ({ outputs: {}, issues: [] }),
})

/** All node types of the tests. */
export const catalogue = createCatalogue([orders, filter, window, sort, union, enrich, latest, archive])

/** A stream of text fields, partitioned by the first. */
export function textStream(names: readonly string[]): StreamSchema {
  const fields: Field[] = names.map((name) => ({ name, type: scalar('string', false) }))
  return { fields, partitionedBy: names.slice(0, 1), eventTimeField: null }
}
