import { scalar } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { compareMapping } from './compare-mapping.ts'
import { elasticsearch } from './definition.ts'
import { documentFieldList, proposedMapping } from './list-help.ts'

const fields = [
  { name: 'id', type: scalar('string', false) },
  { name: 'review', type: scalar('string') },
  { name: 'total', type: scalar('double') },
  { name: 'qty', type: scalar('int64') },
  { name: 'paid', type: scalar('boolean') },
  { name: 'ts', type: scalar('timestamp') },
]
const stream = { fields, partitionedBy: null, eventTimeField: null }

describe('the mapping type that is proposed', () => {
  it('is by the type of the field', () => {
    expect(fields.map((field) => documentFieldList.entryFor?.(field, []))).toEqual([
      { field: 'id', type: 'keyword' },
      { field: 'review', type: 'keyword' },
      { field: 'total', type: 'double' },
      { field: 'qty', type: 'long' },
      { field: 'paid', type: 'boolean' },
      { field: 'ts', type: 'date' },
    ])
  })

  it('is text where the sample has sentences, and keyword where it has names', () => {
    const [, review = fields[0]] = fields
    if (review === undefined) throw new Error('no field')
    const sentences = Array.from({ length: 6 }, (_, i) => `arrived late but number ${i} is fine`)
    expect(proposedMapping(review, sentences)).toBe('text')
    expect(proposedMapping(review, ['US-EAST', 'US WEST', 'EU', 'APAC', 'EU-NORTH'])).toBe('keyword')
    // Of a few values nothing is told.
    expect(proposedMapping(review, sentences.slice(0, 2))).toBe('keyword')
  })

  it('tells which types do not fit a field, and why', () => {
    const config = { ...elasticsearch.defaults, fields: [{ field: 'total', type: 'double' as const }] }
    const unfit = documentFieldList.unfit?.(config as never, 0, 'type', { in: stream })
    expect([...(unfit?.keys() ?? [])]).toEqual(
      expect.arrayContaining(['keyword', 'text', 'long', 'boolean', 'date', 'nested']),
    )
    expect(unfit?.has('double')).toBe(false)
    expect(unfit?.get('date')).toBe('not of double')
    expect(documentFieldList.unfit?.(config as never, 7, 'type', { in: stream }).size).toBe(0)
    expect(documentFieldList.unfit?.(config as never, 0, 'type', { in: null }).size).toBe(0)
  })
})

describe('the comparison with indices that exist', () => {
  const compare = (entries: object[], existing: Record<string, string[]>) =>
    compareMapping({ fields: entries as never }, fields, { fields: new Map(Object.entries(existing)) })

  it('agrees where the types are the same, and tells what is new and what only old documents have', () => {
    expect(
      compare(
        [
          { field: 'id', type: 'keyword' },
          { field: 'total', as: 'sum', type: 'double' },
        ],
        { id: ['keyword'], gone: ['long'] },
      ),
    ).toEqual({ conflicts: [], added: ['sum'], left: ['gone'] })
  })

  it('says what differs, and mends it with the type of the index where that fits the field', () => {
    const { conflicts } = compare([{ field: 'id', type: 'text' }], { id: ['keyword'] })
    expect(conflicts).toEqual([
      {
        code: 'mapping_conflict',
        path: ['fields', '0', 'type'],
        message:
          'The index holds "id" as keyword, and it is text here. What an index holds cannot be changed.',
        fix: { label: 'Use keyword', path: ['fields', '0', 'type'], value: 'keyword' },
      },
    ])
  })

  it('gives the field another name where the type of the index does not fit it, or indices differ', () => {
    const [wrong] = compare([{ field: 'total', type: 'double' }], { total: ['boolean'] }).conflicts
    expect(wrong?.message).toContain('its values do not fit boolean')
    expect(wrong?.fix).toEqual({ label: 'Call it total_2', path: ['fields', '0', 'as'], value: 'total_2' })
    const [foreign] = compare([{ field: 'total', type: 'double' }], { total: ['geo_point'] }).conflicts
    expect(foreign?.fix?.value).toBe('total_2')
    const [several] = compare([{ field: 'qty', type: 'long' }], { qty: ['long', 'text'] }).conflicts
    expect(several?.message).toContain('in different ways: long, text')
  })
})
