import type { NodeConfig } from '@millrace/graph'
import { expect, it } from 'vitest'
import { inferred, stream } from './config/definitions.test-helper.ts'
import { catalogue } from './index.ts'

const input = stream(
  {
    user: 'string',
    region: 'string',
    city: 'string',
    n: 'int64',
    window_start: 'timestamp not null',
    window_end: 'timestamp not null',
  },
  { partitionedBy: ['user'] },
)

// Late rows came over the same repartition as all others: a claim that they lie as they did before would let a node
// behind the late port group them in pieces.
it.each<[string, NodeConfig]>([
  ['window', { groupBy: ['region'] }],
  ['running', { groupBy: ['region'], order: 'event' }],
  ['dedupe', { key: ['region'], keep: 'first', order: 'event' }],
  ['pattern', { key: ['region'], first: 'n = 1', second: 'n = 2' }],
  ['top-n', { orderBy: [{ field: 'n', direction: 'desc', nulls: 'last' }], partitionBy: ['region'] }],
])('late events of %s are spread as its results are', (type, config) => {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(type)
  const lateOf = (from: typeof input) =>
    inferred(definition, { ...definition.defaults, ...config }, from).outputs.late?.partitionedBy
  expect(lateOf(input)).not.toEqual(['user'])
  expect(lateOf(input)).toContain('region')
  expect(lateOf({ ...input, partitionedBy: ['region'] })).toEqual(['region'])
})
