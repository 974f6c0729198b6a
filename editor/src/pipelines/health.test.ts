import type { PipelineRow } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { hasDraft, healthOf, needsYou, needsYouFirst } from './health.ts'

function row(
  name: string,
  deployment: Partial<PipelineRow['deployment']>,
  more: Partial<PipelineRow> = {},
): PipelineRow {
  return {
    id: name.padEnd(12, '0'),
    name,
    updatedAt: 0,
    rate: null,
    lag: null,
    nodes: 1,
    errors: 0,
    unpublished: false,
    deployment: { state: 'running', version: 1, reason: null, since: 0, ...deployment },
    ...more,
  }
}

describe('healthOf', () => {
  test.each([
    [{ state: 'running' }, 'healthy', null],
    [{ state: 'running', reason: 'Elasticsearch is slow' }, 'warning', 'Elasticsearch is slow'],
    [{ state: 'attention', reason: 'cannot drain' }, 'failed', 'cannot drain'],
    [{ state: 'stopped', version: null }, 'draft', 'never published'],
    [{ state: 'stopped' }, 'stopped', null],
    [{ state: 'publishing' }, 'publishing', null],
  ] as const)('%o is %s', (deployment, status, reason) => {
    expect(healthOf(row('a', deployment).deployment)).toEqual({ status, reason })
  })
})

describe('needsYouFirst', () => {
  test('puts failures before warnings, warnings before what is well, and drafts last', () => {
    const rows = [
      row('well', {}),
      row('draft', { state: 'stopped', version: null }),
      row('slow', { reason: 'slow' }),
      row('broken', { state: 'attention' }),
    ]
    expect(needsYouFirst(rows).map(({ name }) => name)).toEqual(['broken', 'slow', 'well', 'draft'])
    expect(rows.filter(needsYou).map(({ name }) => name)).toEqual(['slow', 'broken'])
  })

  test('orders equals by name', () => {
    expect(needsYouFirst([row('b', {}), row('a', {})]).map(({ name }) => name)).toEqual(['a', 'b'])
  })
})

describe('hasDraft', () => {
  test('is true for unpublished changes and for what was never published', () => {
    expect(hasDraft(row('a', {}, { unpublished: true }))).toBe(true)
    expect(hasDraft(row('a', { state: 'stopped', version: null }))).toBe(true)
    expect(hasDraft(row('a', {}))).toBe(false)
  })
})
