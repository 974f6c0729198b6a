import { MASK } from '@millrace/graph'
import { expect, test } from 'vitest'
import { shownDocument } from './search.ts'

const document = { index: 'people', id: 'ada%2Dbyron-7', source: '{"name":"ada-byron","n":7}' }

test('neither the document nor its id tells a sensitive field, be it escaped in the id', () => {
  expect(shownDocument(document, '{name}-{n}', new Set(['name']))).toEqual({
    ...{ index: 'people', id: MASK },
    source: `{"name":"${MASK}","n":7}`,
  })
})

test('an id of other fields is shown, unless it repeats a sensitive value', () => {
  const byNumber = { ...document, id: 'n-7' }
  expect(shownDocument(byNumber, 'n-{n}', new Set(['name'])).id).toBe('n-7')
  expect(shownDocument({ ...document, id: 'x ada-byron' }, '{x}', new Set(['name'])).id).toBe(MASK)
  expect(shownDocument(document, '{name}-{n}', new Set())).toEqual(document)
})
