import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { type SelectConfig, select } from './definition.ts'

const input = stream(
  { a: 'string not null', b: 'int64', 'odd name': 'double' },
  { partitionedBy: ['a', 'b'], eventTimeField: 'b' },
)

function config(change: Partial<SelectConfig>): SelectConfig {
  return { rest: 'keep', fields: [], drop: [], ...change }
}

function output(change: Partial<SelectConfig>) {
  return inferred(select, config(change), input).outputs.out
}

describe('a select over rows that are corrected later', () => {
  const updating = { ...input, updates: { key: ['a', 'b'], before: true } }
  const outputs = (config: SelectConfig) => inferred(select, config, updating).outputs.out

  it('follows what names a row through renames', () => {
    const renamed: SelectConfig = { rest: 'keep', fields: [{ name: 'c', expression: 'a' }], drop: ['a'] }
    expect(outputs(renamed)?.updates).toEqual({ key: ['c', 'b'], before: true })
  })

  it.each<[string, SelectConfig, string]>([
    ['is dropped', { rest: 'keep', fields: [], drop: ['b'] }, 'update_key_lost drop.0'],
    [
      'is replaced',
      { rest: 'keep', fields: [{ name: 'b', expression: 'b + 1' }], drop: [] },
      'update_key_lost fields',
    ],
    [
      'is left out',
      { rest: 'drop', fields: [{ name: 'a', expression: 'a' }], drop: [] },
      'update_key_lost fields',
    ],
  ])('is refused where it %s', (_, config, issue) => {
    expect(issuesOf(select, config, updating)).toEqual([issue])
    expect(outputs(config)).toBe(undefined)
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
    ['nothing left', { rest: 'drop' }, 'fields_missing fields'],
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

  it('show as names on the card', () => {
    expect(select.digest(config({ fields: [{ name: 'x', expression: 'a' }], drop: ['a'] }))).toBe('x, −a')
  })
})
