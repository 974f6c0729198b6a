import type { JsonValue } from '@millrace/graph'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  choicesOf,
  describeField,
  describeForm,
  newEntry,
  newEntryWithPort,
  shownFields,
} from './describe-form.ts'

const config = Type.Object(
  {
    connection: Type.String({ title: 'Connection', 'x-ui': { control: 'connection', connection: 'kafka' } }),
    rate: Type.Integer({
      title: 'Rate',
      description: 'Events per second.',
      minimum: 1,
      maximum: 10,
      default: 5,
    }),
    mode: Type.Union([Type.Literal('keep', { title: 'Keep' }), Type.Literal('drop')], { title: 'Mode' }),
    idle: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      title: 'Idle',
      default: 30_000,
      'x-ui': { control: 'duration', advanced: true },
    }),
    where: Type.Optional(Type.String({ 'x-ui': { control: 'condition', port: 'in' } })),
    on: Type.Boolean(),
    parts: Type.Array(Type.Object({ as: Type.String({ default: 'x' }), note: Type.Optional(Type.String()) })),
  },
  { additionalProperties: false },
)

describe('shownFields', () => {
  const showWhen = [
    [
      { setting: 'kind', is: ['a', 'b'] },
      { setting: 'on', is: [true] },
    ],
    [{ setting: 'kind', is: ['always'] }],
  ]
  const fields = describeForm(
    Type.Object({
      kind: Type.String({ default: 'a' }),
      on: Type.Optional(Type.Boolean({ default: false })),
      more: Type.String({ 'x-ui': { control: 'text', showWhen } }),
    }),
  )
  const namesWith = (values: JsonValue | undefined) => shownFields(fields, values).map(({ name }) => name)

  test('leaves out what has no meaning beside the other settings', () => {
    expect(namesWith({ kind: 'b', on: true, more: '' })).toContain('more')
    expect(namesWith({ kind: 'always', on: false, more: '' })).toContain('more')
    expect(namesWith({ kind: 'c', on: true, more: '' })).not.toContain('more')
    expect(namesWith({ kind: 'b', on: false, more: '' })).not.toContain('more')
  })

  test('takes the default of a setting that is not there', () => {
    expect(namesWith({ on: true })).toContain('more')
    expect(namesWith({ kind: 'a' })).not.toContain('more')
    expect(namesWith(undefined)).toEqual(['kind', 'on'])
  })
})

describe('describeForm', () => {
  const fields = describeForm(config)
  const field = (name: string) => fields.find((candidate) => candidate.name === name)

  test('names every setting in the order of the schema', () => {
    expect(fields.map(({ name, control }) => `${name}: ${control}`)).toEqual([
      'connection: connection',
      'rate: number',
      'mode: choice',
      'idle: duration',
      'where: condition',
      'on: toggle',
      'parts: list',
    ])
  })

  test('takes titles, descriptions, bounds and defaults from the schema', () => {
    expect(field('rate')).toMatchObject({
      title: 'Rate',
      description: 'Events per second.',
      initial: 5,
      schema: { minimum: 1, maximum: 10 },
    })
    expect(field('on')?.title).toBe('on')
  })

  test('sees that a setting may be null, absent or belongs to the further ones', () => {
    expect(field('idle')).toMatchObject({
      nullable: true,
      advanced: true,
      initial: 30_000,
      schema: { minimum: 1 },
    })
    expect(field('where')).toMatchObject({ optional: true, nullable: false, hint: { port: 'in' } })
    expect(field('rate')).toMatchObject({ optional: false, advanced: false })
  })

  test('a choice lists its words with their texts', () => {
    expect(choicesOf(field('mode')?.schema ?? {})).toEqual([
      { value: 'keep', label: 'Keep' },
      { value: 'drop', label: 'drop' },
    ])
    expect(choicesOf({ anyOf: [{ const: 'a' }, { type: 'string' }] })).toEqual([])
  })

  test('a choice that may be null is still a choice', () => {
    const schema = Type.Union([Type.Literal('a'), Type.Literal('b'), Type.Null()])
    expect(describeField('x', schema)).toMatchObject({ control: 'choice', nullable: true })
  })

  test('a new entry of a list has all that is required', () => {
    expect(newEntry(config.properties.parts.items)).toEqual({ as: 'x' })
    expect(newEntry({ type: 'string' })).toBe('')
    const mixed = Type.Object({
      n: Type.Integer(),
      b: Type.Boolean(),
      l: Type.Array(Type.String()),
      o: Type.Union([Type.String(), Type.Null()]),
    })
    expect(newEntry(mixed)).toEqual({ n: 0, b: false, l: [], o: null })
  })

  test('a new entry that stands for an output takes one that no entry has, and no connection', () => {
    const port = Type.Union([Type.Literal('p1'), Type.Literal('p2'), Type.Literal('p3')], {
      default: 'p1',
      'x-ui': { control: 'port' } as const,
    })
    const items = Type.Object({ port, name: Type.String({ default: '' }) })
    expect(newEntryWithPort(items, [{ port: 'p1', name: '' }], ['p2'])).toEqual({ port: 'p3', name: '' })
    expect(newEntryWithPort(items, [{ port: 'p3' }, { port: 'p1' }], ['p2'])).toBeNull()
    expect(newEntryWithPort(config.properties.parts.items, [], [])).toEqual({ as: 'x' })
    expect(shownFields(describeForm(items), {}).map(({ name }) => name)).toEqual(['name'])
  })
})
