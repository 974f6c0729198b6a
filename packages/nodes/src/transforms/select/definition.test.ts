import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { select } from './definition.ts'
import { DEFAULTS, migrate, type SelectConfig } from './settings.ts'

const input = stream(
  { a: 'string not null', b: 'int64', 'odd name': 'double' },
  { partitionedBy: ['a', 'b'], eventTimeField: 'b' },
)

function config(change: Partial<SelectConfig>): SelectConfig {
  return { ...DEFAULTS, ...change }
}

function toType(field: string, type: string) {
  return { field, type, failure: 'dead-letter' as const }
}

function output(change: Partial<SelectConfig>) {
  return inferred(select, config(change), input).outputs.out
}

describe('a select over rows that are corrected later', () => {
  const updating = { ...input, updates: { key: ['a', 'b'], before: true } }
  const outputs = (config: SelectConfig) => inferred(select, config, updating).outputs.out

  it('follows what names a row through renames', () => {
    const renamed = config({ fields: [{ name: 'c', expression: 'a' }], drop: ['a'] })
    expect(outputs(renamed)?.updates).toEqual({ key: ['c', 'b'], before: true })
    const inPlace = config({ rename: [{ field: 'b', name: 'd' }] })
    expect(outputs(inPlace)?.updates).toEqual({ key: ['a', 'd'], before: true })
  })

  it.each<[string, Partial<SelectConfig>, string]>([
    ['is dropped', { drop: ['b'] }, 'update_key_lost drop.0'],
    ['is replaced', { fields: [{ name: 'b', expression: 'b + 1' }] }, 'update_key_lost fields'],
    ['is left out', { rest: 'drop', keep: ['a'] }, 'update_key_lost fields'],
    ['gets another type', { cast: [toType('b', 'string')] }, 'update_key_lost cast.0.field'],
  ])('is refused where it %s', (_, change, issue) => {
    expect(issuesOf(select, config(change), updating)).toEqual([issue])
    expect(outputs(config(change))).toBe(undefined)
  })
})

describe('the settings of a select', () => {
  it.each<[string, Partial<SelectConfig>, string]>([
    ['a field without name', { fields: [{ name: '', expression: 'a' }] }, 'field_name_missing fields.0.name'],
    [
      'one name twice',
      {
        fields: [
          { name: 'x', expression: 'a' },
          { name: 'x', expression: 'b' },
        ],
      },
      'duplicate_field fields.1.name',
    ],
    ['no expression', { fields: [{ name: 'x', expression: '' }] }, 'expression_missing fields.0.expression'],
    [
      'an expression that does not fit',
      { fields: [{ name: 'x', expression: 'lower(b)' }] },
      'expression_invalid fields.0.expression',
    ],
    ['a field to drop that does not exist', { drop: ['a', 'c'] }, 'unknown_field drop.1'],
    ['nothing left', { rest: 'drop' }, 'fields_missing keep'],
    ['a field to keep that does not exist', { rest: 'drop', keep: ['c'] }, 'unknown_field keep.0'],
    [
      'a field to rename that does not exist',
      { rename: [{ field: 'c', name: 'd' }] },
      'unknown_field rename.0.field',
    ],
    ['no field to rename', { rename: [{ field: '', name: 'd' }] }, 'field_missing rename.0.field'],
    ['no new name', { rename: [{ field: 'a', name: '' }] }, 'field_name_missing rename.0.name'],
    [
      'a new name that another field has',
      { rename: [{ field: 'a', name: 'b' }] },
      'duplicate_field rename.0.name',
    ],
    [
      'two new names',
      { rename: ['x', 'y'].map((name) => ({ field: 'a', name })) },
      'field_used_twice rename.1.field',
    ],
    ['no type', { cast: [toType('a', ' ')] }, 'type_missing cast.0.type'],
    ['a type that is none', { cast: [toType('a', 'txet')] }, 'type_invalid cast.0.type'],
    ['a cast that there is not', { cast: [toType('a', 'array<int64>')] }, 'expression_invalid cast.0.type'],
    ['a field to cast that does not exist', { cast: [toType('c', 'string')] }, 'unknown_field cast.0.field'],
    ['two types', { cast: [toType('b', 'string'), toType('b', 'double')] }, 'field_used_twice cast.1.field'],
    [
      'a field that is dropped and renamed',
      { drop: ['a'], rename: [{ field: 'a', name: 'c' }] },
      'field_used_twice drop.0',
    ],
    [
      'a derived field in the place of a renamed one',
      { rename: [{ field: 'a', name: 'c' }], fields: [{ name: 'c', expression: 'b' }] },
      'duplicate_field fields.0.name',
    ],
  ])('are refused with %s', (_, change, issue) => {
    expect(issuesOf(select, config(change), input)).toEqual([issue])
  })

  it('are mended where a name is near', () => {
    expect(fixOf(select, config({ drop: ['odd naem'] }), input)?.value).toBe('odd name')
  })

  it('pass fields on whose names need quotes', () => {
    expect(output({})?.fields).toEqual(input.fields)
  })

  it('follow the partitioning through renames, and give it up where a field is gone', () => {
    const renamed = { fields: [{ name: 'x', expression: 'a' }], drop: ['a'] }
    expect(output({})?.partitionedBy).toEqual(['a', 'b'])
    expect(output(renamed)?.partitionedBy).toEqual(['x', 'b'])
    expect(output({ drop: ['a'] })?.partitionedBy).toBe(null)
    expect(output({ fields: [{ name: 'a', expression: "a || ''" }] })?.partitionedBy).toBe(null)
  })

  it('keep to the old name of a field that has several', () => {
    const fields = ['x', 'a', 'b'].map((name) => ({ name, expression: name === 'x' ? 'a' : name }))
    expect(output({ rest: 'drop', fields })?.partitionedBy).toEqual(['a', 'b'])
  })

  it('follow the event-time field', () => {
    expect(output({ fields: [{ name: 'when', expression: 'b' }], drop: ['b'] })?.eventTimeField).toBe('when')
    expect(output({ drop: ['b'] })?.eventTimeField).toBe(null)
  })

  it('put a field that was dropped and derived anew behind the others', () => {
    const names = output({ fields: [{ name: 'a', expression: 'b' }], drop: ['a'] })?.fields.map(
      ({ name }) => name,
    )
    expect(names).toEqual(['b', 'odd name', 'a'])
  })

  it('give no output while an expression is wrong', () => {
    expect(output({ fields: [{ name: 'x', expression: '?' }] })).toBe(undefined)
  })

  it('rename and cast in place, and may swap two names', () => {
    const swapped = [
      { field: 'a', name: 'b' },
      { field: 'b', name: 'a' },
    ]
    const change = { rename: swapped, cast: [toType('b', 'string')], drop: ['odd name'] }
    expect(issuesOf(select, config(change), input)).toEqual([])
    expect(output(change)).toMatchObject({
      fields: [
        { name: 'b', type: { kind: 'string', nullable: false } },
        { name: 'a', type: { kind: 'string', nullable: true } },
      ],
      partitionedBy: null,
      eventTimeField: null,
    })
    expect(output({ rename: swapped })).toMatchObject({ partitionedBy: ['b', 'a'], eventTimeField: 'a' })
  })

  it('keep the named fields in the order of the input, where the others are dropped', () => {
    const change = {
      ...{ rest: 'drop' as const, keep: ['odd name', 'a'], drop: ['gone'] },
      fields: [{ name: 'x', expression: 'b + 1' }],
    }
    expect(issuesOf(select, config(change), input)).toEqual([])
    expect(output(change)?.fields.map(({ name }) => name)).toEqual(['a', 'odd name', 'x'])
  })

  it('may be null where a cast that fails makes them null', () => {
    const cast = [{ ...toType('a', 'int64'), failure: 'null' as const }]
    expect(output({ cast })?.fields[0]?.type).toMatchObject({ kind: 'int64', nullable: true })
    expect(output({ cast: [toType('a', 'int64')] })?.fields[0]?.type.nullable).toBe(false)
  })

  it('of version 1 mean the same', () => {
    const old = { rest: 'drop', fields: [{ name: 'x', expression: 'a' }], drop: [] }
    expect(migrate(old)).toEqual({ ...DEFAULTS, ...old })
  })

  it('show as names on the card', () => {
    const change = {
      rest: 'drop',
      keep: ['b'],
      rename: [{ field: 'a', name: 'c' }],
      cast: [toType('b', 'string')],
    }
    expect(select.digest(config(change as Partial<SelectConfig>))).toBe('b, a → c, b: string')
    expect(select.digest(config({ fields: [{ name: 'x', expression: 'a' }], drop: ['a'] }))).toBe('x, −a')
  })
})
