import type { NodeConfig, StreamSchema } from '@millrace/graph'
import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { join } from './definition.ts'
import { joinRuntime } from './operator.ts'
import type { JoinConfig } from './settings.ts'

const left = stream({
  id: 'string not null',
  userId: 'string',
  amount: 'decimal(10, 2)',
  tags: 'array<string>',
})
const right = stream({ userId: 'string', orderId: 'int64', sum: 'decimal(12, 4)', id: 'string' })
const on = [{ left: 'userId', right: 'userId' }]

function settings(more: Partial<JoinConfig>): JoinConfig {
  return { ...join.defaults, ...more } as JoinConfig
}

function inferred(more: Partial<JoinConfig>, inputs: Record<string, StreamSchema | null> = { left, right }) {
  const config = settings(more)
  if (!Check(join.config, config)) throw new Error('the config does not fit the schema')
  return join.infer(config as unknown as NodeConfig, inputs)
}

function issues(more: Partial<JoinConfig>, inputs?: Record<string, StreamSchema | null>): string[] {
  return inferred(more, inputs).issues.map(({ code, path }) => `${code} ${path.join('.')}`)
}

describe('the settings of a join', () => {
  it.each<[string, Partial<JoinConfig>, string[]]>([
    ['are fine with a field of each side', { on }, []],
    ['are fine with decimals of any scale', { on: [{ left: 'amount', right: 'sum' }] }, []],
    ['need fields that are equal', {}, ['field_missing on']],
    [
      'name fields that exist',
      { on: [{ left: 'user', right: '' }] },
      ['unknown_field on.0.left', 'field_missing on.0.right'],
    ],
    ['name fields without parts', { on: [{ left: 'tags', right: 'id' }] }, ['field_type on.0.left']],
    ['name fields of one type', { on: [{ left: 'id', right: 'orderId' }] }, ['key_types_differ on.0.right']],
    ['have bounds in order', { on, lower: 10, upper: 9 }, ['bounds_reversed upper']],
    ['may have bounds at one time', { on, lower: -5, upper: -5 }, []],
    ['check the condition', { on, condition: 'left.amount > right.su' }, ['expression_invalid condition']],
    ['take the condition over both only', { on, condition: 'amount > 1' }, ['expression_invalid condition']],
    ['need a field of the result', { on, fields: 'chosen' }, ['fields_missing leftFields']],
    [
      'choose fields that exist',
      { on, fields: 'chosen', rightFields: [{ field: 'no', as: '' }] },
      ['unknown_field rightFields.0.field'],
    ],
    [
      'give each field a name of its own',
      {
        on,
        fields: 'chosen',
        leftFields: [{ field: 'id', as: '' }],
        rightFields: [{ field: 'sum', as: 'id' }],
      },
      ['duplicate_field rightFields.0.as'],
    ],
    ['find prefixes that do not help', { on, leftPrefix: '', rightPrefix: '' }, ['duplicate_field fields']],
  ])('%s', (_, more, expected) => {
    expect(issues(more)).toEqual(expected)
  })

  it('say what is missing while nothing flows in, and nothing that cannot be known', () => {
    const nothing = { left: null, right: null }
    expect(issues({}, nothing)).toEqual(['field_missing on'])
    expect(issues({ on: [{ left: '', right: 'x' }], condition: 'left.' }, nothing)).toEqual([
      'field_missing on.0.left',
    ])
    expect(inferred({ on }, { left, right: null }).outputs).toEqual({})
  })

  it.each<[string, Partial<JoinConfig>, unknown]>([
    ['the only field that both have, where it serves', {}, [{ left: 'userId', right: 'userId' }]],
    ['a field of the type and the same name', { on: [{ left: 'userId', right: 'orderId' }] }, 'userId'],
    ['a field of the type', { on: [{ left: 'amount', right: 'id' }] }, 'sum'],
    ['the first bound', { on, lower: 10, upper: 9 }, 10],
  ])('are mended with %s', (_, more, value) => {
    const others = stream({ userId: 'string', orderId: 'int64', sum: 'decimal(12, 4)' })
    const inputs = { left, right: more.on?.[0]?.right === 'id' ? right : others }
    expect(inferred(more, inputs).issues.map(({ fix }) => fix?.value)).toEqual([value])
  })

  it('show as keys and bounds on the card', () => {
    const digest = (more: Partial<JoinConfig>) => join.digest(settings(more) as unknown as NodeConfig)
    expect(digest({ on, lower: -60_000, upper: 60_000 })).toBe('userId, -1 min to 1 min')
    expect(digest({ on: [{ left: 'id', right: 'orderId' }] })).toBe('id = orderId, 0 ms to 1 h')
    expect(digest({})).toBe('')
  })
})

describe('what flows out of a join', () => {
  const shape = (more: Partial<JoinConfig>, port = 'out') => {
    const out = inferred({ on, ...more }).outputs[port]
    return {
      names: out?.fields.map(({ name, type }) => `${name}${type.nullable ? '?' : ''}`).join(' '),
      partitionedBy: out?.partitionedBy,
      updates: out?.updates,
    }
  }

  it.each<[JoinConfig['kind'], string]>([
    ['inner', 'left_id userId amount? tags? orderId? sum? right_id?'],
    ['left', 'left_id userId? amount? tags? orderId? sum? right_id?'],
    ['right', 'left_id? userId? amount? tags? orderId? sum? right_id?'],
    ['full', 'left_id? userId? amount? tags? orderId? sum? right_id?'],
  ])('has nulls only where a %s join makes some', (kind, names) => {
    expect(shape({ kind })).toEqual({ names, partitionedBy: ['userId'], updates: undefined })
  })

  it.each<[JoinConfig['kind'], string, string[] | null]>([
    ['inner', 'id right_id', ['id']],
    ['left', 'id right_id?', ['id']],
    ['right', 'id? right_id?', ['right_id']],
    ['full', 'id? right_id?', null],
  ])('is spread by the key of the side that is always there in a %s join', (kind, names, partitionedBy) => {
    const more = {
      ...{ kind, on: [{ left: 'id', right: 'id' }], fields: 'chosen' as const },
      ...{ leftFields: [{ field: 'id', as: '' }], rightFields: [{ field: 'id', as: 'right_id' }] },
    }
    expect(shape(more)).toMatchObject({ names, partitionedBy })
  })

  it('is spread by nothing that is known where the key goes no further', () => {
    expect(shape({ fields: 'chosen', leftFields: [{ field: 'amount', as: '' }] }).partitionedBy).toBe(null)
  })

  it('has late events of both sides, each alone', () => {
    const names = 'left_id? userId? amount? tags? orderId? sum? right_id?'
    expect(shape({}, 'late')).toMatchObject({ names, partitionedBy: ['userId'] })
  })

  it.each<[Partial<JoinConfig>, string | null]>([
    [{ lower: 0, upper: 5 }, 'right_ts'],
    [{ lower: -5, upper: 0 }, 'left_ts'],
    [{ lower: -5, upper: 5 }, null],
    [{ lower: 0, upper: 5, kind: 'left' }, null],
    [{ lower: 0, upper: 5, kind: 'right' }, 'right_ts'],
    [{ lower: -5, upper: 0, kind: 'left' }, 'left_ts'],
    [{ lower: -5, upper: 0, kind: 'full' }, null],
  ])('of %j has its event time in %s', (more, name) => {
    const timed = stream({ k: 'string', ts: 'timestamp' }, { eventTimeField: 'ts' })
    const { out } = inferred(
      { on: [{ left: 'k', right: 'k' }], ...more },
      { left: timed, right: timed },
    ).outputs
    expect(out?.eventTimeField).toBe(name)
  })
})

describe('the watermark behind a join', () => {
  it.each<[Partial<JoinConfig>, number]>([
    [{ kind: 'inner', lower: -7, upper: 5 }, 0],
    [{ kind: 'left', lower: -7, upper: 5 }, 6],
    [{ kind: 'right', lower: -7, upper: 5 }, 8],
    [{ kind: 'full', lower: -7, upper: 5 }, 8],
    [{ kind: 'left', lower: -7, upper: -5 }, 1],
    [{ kind: 'right', lower: 3, upper: 5 }, 1],
  ])('of %j stays %d ms behind', (more, by) => {
    expect(joinRuntime.holdBack?.(settings(more))).toBe(by)
  })
})

describe('the state of a join', () => {
  const layout = (more: Partial<JoinConfig>) => joinRuntime.state?.(settings({ on, ...more }), [left, right])
  const signature = (more: Partial<JoinConfig>) => JSON.stringify(layout(more)?.signature)

  it('has the fields that results and condition need, and no others', () => {
    const some = layout({
      ...{ fields: 'chosen', leftFields: [{ field: 'id', as: 'order' }] },
      condition: 'left.amount > 1 and right.sum > 1',
    })
    const names = some?.fields.map(({ name, type }) => [
      name,
      type.kind === 'struct' ? type.fields.map((field) => field.name) : null,
    ])
    expect(names).toEqual([
      ['left', ['id', 'amount']],
      ['right', ['sum']],
      ['paired', null],
    ])
  })

  it('is kept over a publish while bounds or condition change, and not otherwise', () => {
    expect(signature({ lower: -5, upper: 7, condition: 'left.amount > 1' })).toBe(signature({}))
    expect(signature({ kind: 'left' })).not.toBe(signature({}))
    expect(signature({ on: [{ left: 'id', right: 'id' }] })).not.toBe(signature({}))
    expect(signature({ fields: 'chosen', leftFields: [{ field: 'id', as: '' }] })).not.toBe(signature({}))
  })
})
