import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { NodeConfig, StreamSchema } from '@millrace/graph'
import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { examplesFile, renderExamples } from '../scripts/generate-examples.ts'
import { helpFile, renderHelp } from '../scripts/generate-help.ts'
import { catalogue, ISSUE_CODES, nodeHelp, runtimes } from './index.ts'

const definitions = catalogue.list()
const someInput: StreamSchema = { fields: [], partitionedBy: null, eventTimeField: null }

interface Setting {
  readonly path: string
  readonly schema: TSchema & Record<string, unknown>
}

/** Every member of a config schema, those of listed objects included. */
function settingsOf(schema: TSchema, at = ''): Setting[] {
  const { properties = {} } = schema as { properties?: Record<string, TSchema> }
  return Object.entries(properties).flatMap(([name, member]) => {
    const place = `${at}${name}`
    const { items } = member as { items?: TSchema }
    const inner = items === undefined ? [] : settingsOf(items, `${place}[].`)
    return [{ path: place, schema: member as Setting['schema'] }, ...inner]
  })
}

describe.each(definitions)('the definition of $type', ({ type, kind, config, defaults, ...definition }) => {
  it.each(settingsOf(config))('describes the setting $path to the form', ({ schema }) => {
    expect(schema.title).toMatch(/^[A-Z][^.]+$/)
    expect(schema.description).toMatch(/^[A-Z].*[.?]$/)
    expect(schema).toHaveProperty('default')
    expect(schema['x-ui']).toMatchObject({ control: expect.any(String) })
  })

  it('takes nothing but its settings', () => {
    expect(Check(config, { ...defaults, unknown: 1 })).toBe(false)
  })

  it('has defaults that fit, and that are those of the settings', () => {
    expect(Check(config, defaults)).toBe(true)
    for (const { path: name, schema } of settingsOf(config).filter(
      (setting) => !setting.path.includes('['),
    )) {
      expect(defaults[name]).toEqual(schema.default)
    }
  })

  it('says what is missing in a fresh node before and after it is connected', () => {
    const missing = (input: StreamSchema | null) =>
      definition.infer(defaults, { in: input }).issues.map(({ code }) => code)
    expect(missing(someInput)).toEqual(expect.arrayContaining(missing(null)))
    expect(missing(null).length > 0).toBe(!COMPLETE.has(type))
  })

  it('has a runtime of its role', () => {
    const roles = { source: /-source$/, transform: /^transform$/, sink: /-sink$/ }
    expect(runtimes.get(type)?.role).toMatch(roles[kind])
    expect(runtimes.get(type)?.type).toBe(type)
  })

  it('writes nothing on the card that does not fit there', () => {
    expect(definition.digest(defaults as NodeConfig).length).toBeLessThan(30)
  })

  it('has a help text with all its settings and its parts', () => {
    const help = nodeHelp(type) ?? ''
    expect(help).toMatch(/^# /)
    for (const heading of ['**Use it**', '**Do not use it**', '## Settings', '## Bad input']) {
      expect(help).toContain(heading)
    }
    const isStateless = STATELESS.has(type)
    expect(help.includes('## Delivery guarantees')).toBe(!isStateless)
    const names = settingsOf(config).filter((setting) => !setting.path.includes('['))
    for (const { schema } of names) {
      if (!HIDDEN.has(schema.title as string)) expect(help).toContain(schema.title)
    }
  })
})

/** Types that keep nothing, and so need say nothing of it. */
const STATELESS = new Set(['filter', 'branch', 'select', 'explode', 'union', 'sample'])

/** Types whose fresh nodes lack nothing. */
const COMPLETE = new Set(['generator', 'sample', 'select', 'union', 'window', 'running'])

/** Settings that have one value. */
const HIDDEN = new Set(['Format', 'Window'])

describe('the help texts', () => {
  it('are those of the READMEs: run `npm run generate` after a change', async () => {
    expect(readFileSync(helpFile, 'utf8')).toBe(await renderHelp())
    expect(readFileSync(examplesFile, 'utf8')).toBe(renderExamples())
  })

  it('are not found under inherited names', () => {
    expect(nodeHelp('constructor')).toBe(undefined)
    expect(runtimes.get('__proto__')).toBe(undefined)
  })
})

describe('the issue codes', () => {
  it('are those that the node types raise, and no others', () => {
    const sources = globSync('{aggregates,config,pairs,sources,transforms,sinks}/**/*.ts', {
      cwd: import.meta.dirname,
    })
      .filter((file) => !file.includes('.test'))
      .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'))
    const raised = sources.flatMap((text) =>
      [...text.matchAll(/issue\(\s*'([a-z_]+)'/g)].map(([, code]) => code),
    )
    expect([...new Set(raised)].sort()).toEqual(Object.keys(ISSUE_CODES).sort())
  })
})
