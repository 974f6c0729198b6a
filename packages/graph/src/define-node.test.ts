import { Type } from 'typebox'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { CatalogueError, createCatalogue, defineNode, newNode } from './define-node.ts'
import type { NodeDefinition } from './definition.ts'
import { archive, catalogue, filter, orders, window } from './testing/definitions.ts'
import { pipeline } from './testing/graphs.ts'
import { validate } from './validate.ts'

describe('defineNode', () => {
  it('gives a definition that fits everywhere and still knows its config', () => {
    interface Config {
      readonly limit: number
    }
    const definition = defineNode<Config>({
      ...archive,
      config: Type.Object({ limit: Type.Number() }),
      defaults: { limit: 3 },
      digest: ({ limit }) => limit.toFixed(1),
      infer: () => ({ outputs: {}, issues: [] }),
    })
    expectTypeOf(definition).toExtend<NodeDefinition>()
    expectTypeOf(definition.defaults.limit).toEqualTypeOf<number>()
    expect(definition.digest({ limit: 2 })).toBe('2.0')
  })
})

describe('createCatalogue', () => {
  it('finds definitions by type and lists them in their order', () => {
    expect(catalogue.get('filter')).toBe(filter)
    expect(createCatalogue([window, orders]).list()).toEqual([window, orders])
  })

  it('knows no inherited names', () => {
    expect(catalogue.get('constructor')).toBe(undefined)
    expect(catalogue.get('__proto__')).toBe(undefined)
  })

  it('refuses two definitions of one type', () => {
    const attempt = () => createCatalogue([filter, orders, { ...filter }])
    expect(attempt).toThrow(CatalogueError)
    expect(attempt).toThrow(expect.objectContaining({ code: 'duplicate_type' }))
  })

  it('refuses a later version without a migration', () => {
    const attempt = () => createCatalogue([{ ...filter, version: 2 }])
    expect(attempt).toThrow(expect.objectContaining({ code: 'missing_migration' }))
  })
})

describe('newNode', () => {
  it('has the defaults, the version and the title of its definition', () => {
    const fresh = newNode(window, 'w1')
    expect(fresh).toEqual({
      id: 'w1',
      type: 'window',
      typeVersion: 2,
      label: 'Window',
      config: window.defaults,
      note: '',
    })
    expect(newNode(window, 'w1', 'Per minute').label).toBe('Per minute')
  })

  it('has settings that fit the schema', () => {
    const fresh = catalogue.list().map((definition) => newNode(definition, definition.type))
    const settings = validate(pipeline(fresh, []), catalogue).filter(({ code }) => code.endsWith('_setting'))
    expect(settings).toEqual([])
  })
})
