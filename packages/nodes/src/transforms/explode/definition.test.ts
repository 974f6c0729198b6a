import { formatType } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { explode } from './definition.ts'
import { DEFAULTS, type ExplodeConfig } from './settings.ts'

const input = stream(
  {
    id: 'string not null',
    items: 'array<struct<id string not null, qty int64> not null> not null',
    tags: 'array<string not null>',
    prices: 'map<int64, double not null>',
    boxes: 'array<struct<sku string not null>>',
  },
  { partitionedBy: ['id'], eventTimeField: 'id' },
)

function config(change: Partial<ExplodeConfig>): ExplodeConfig {
  return { ...DEFAULTS, list: 'tags', ...change }
}

function output(change: Partial<ExplodeConfig>, stream: StreamSchema = input) {
  return inferred(explode, config(change), stream).outputs.out
}

const fields = (change: Partial<ExplodeConfig>) =>
  output(change)?.fields.map(({ name, type }) => `${name} ${formatType(type)}`)
const issues = (change: Partial<ExplodeConfig>, stream = input) => issuesOf(explode, config(change), stream)
const updating = { ...input, updates: { key: ['id'], before: true } }

describe('the settings of an explode', () => {
  it.each<[string, Partial<ExplodeConfig>, string]>([
    ['nothing to explode', { list: ' ' }, 'expression_missing list'],
    ['an unknown field', { list: 'tgas' }, 'expression_invalid list'],
    ['what has no elements', { list: 'id' }, 'field_type list'],
    ['elements without fields, field by field', { parts: 'spread' }, 'field_type parts'],
    ['a name for elements that is taken', { as: 'id' }, 'duplicate_field as'],
    ['a name for the position that is taken', { index: 'id' }, 'duplicate_field index'],
    ['one name for position and element', { index: 'x', as: 'x' }, 'duplicate_field as'],
    [
      'fields of elements whose names are taken',
      { list: 'items', parts: 'spread' },
      'duplicate_field prefix',
    ],
    [
      'the name of a field where an expression is exploded',
      { list: 'split(id, 1)' },
      'expression_invalid list',
    ],
  ])('are refused with %s', (_, change, issue) => {
    expect(issues(change)).toEqual([issue])
    expect(output(change)).toBe(undefined)
  })

  it.each<[Partial<ExplodeConfig>, unknown]>([
    [{ list: 'tgas' }, 'tags'],
    [{ parts: 'spread' }, 'whole'],
    [{ as: 'id' }, 'id_2'],
    [{ list: 'items', parts: 'spread' }, 'item_'],
  ])('are mended by a click (%#)', (change, value) => {
    expect(fixOf(explode, config(change), input)?.value).toBe(value)
  })

  it('ask for no more than the list while nothing flows in', () => {
    expect(issuesOf(explode, config({ as: 'id' }), null)).toEqual([])
  })

  it('show on the card', () => {
    expect(explode.digest(config({}))).toBe('tags')
    expect(explode.digest(config({ index: 'n' }))).toBe('tags with n')
  })
})

describe('what flows out of an explode', () => {
  it('has the new fields in the place of the exploded one', () => {
    expect(fields({ list: 'items', parts: 'spread', prefix: 'item_', index: 'n' })?.slice(0, 4)).toEqual([
      'id string not null',
      'n int64 not null',
      'item_id string not null',
      'item_qty int64',
    ])
    expect(fields({})?.[2]).toBe('tags string not null')
    expect(fields({ list: 'prices', as: 'price', index: 'k' })?.slice(3, 5)).toEqual([
      'k int64 not null',
      'price double not null',
    ])
  })

  it('has them behind all others where an expression is exploded', () => {
    expect(fields({ list: 'array_reverse(tags)' })?.at(-1)).toBe('element string not null')
  })

  it('may be null where events without elements, or null structs, are kept', () => {
    expect(fields({ empty: 'keep', index: 'n' })?.slice(2, 4)).toEqual(['n int64', 'tags string'])
    expect(fields({ list: 'boxes', parts: 'spread' })?.at(-1)).toBe('sku string')
  })

  it('stays as it is spread, and keeps its event time', () => {
    expect(output({})).toMatchObject({ partitionedBy: ['id'], eventTimeField: 'id' })
  })

  it('is named by the position too, where rows are corrected later', () => {
    expect(output({ index: 'n' }, updating)?.updates).toEqual({ key: ['id', 'n'], before: true })
    expect(issues({}, updating)).toEqual(['position_missing index'])
    expect(output({}, updating)).toBe(undefined)
    expect(fixOf(explode, config({}), updating)?.value).toBe('position')
  })
})
