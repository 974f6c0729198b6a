import { applyChange, type PipelineGraph } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { orderPipeline } from '../testing/order-pipeline.ts'
import {
  addTest,
  emptyTest,
  patchTest,
  readEventValue,
  readRows,
  readTest,
  removeTest,
  requireTests,
  rowsText,
  testsOf,
  testText,
} from './edit-tests.ts'

const graph = orderPipeline()
const after = (before: PipelineGraph, make: (graph: PipelineGraph) => ReturnType<typeof addTest>) =>
  applyChange(before, make(before)).graph

describe('edits of tests', () => {
  const one = after(graph, (now) => addTest(now, emptyTest('a', 'A')))

  test('add, change and remove tests; a document without any has no trace of them', () => {
    const two = after(one, (now) => addTest(now, emptyTest('b', 'B')))
    const renamed = after(two, (now) => patchTest(now, 'b', { name: 'C' }))
    expect(testsOf(renamed).cases.map(({ name }) => name)).toEqual(['A', 'C'])
    expect(after(one, (now) => removeTest(now, 'a'))).toEqual(graph)
  })

  test('keep the wish for green tests when the last test goes', () => {
    const required = after(one, (now) => requireTests(now, true))
    expect(after(required, (now) => removeTest(now, 'a')).tests).toEqual({ required: true, cases: [] })
    expect(after(graph, (now) => requireTests(now, false))).toEqual(graph)
  })

  test('a test as text leads back to itself, and is refused in words where it is none', () => {
    const [made] = testsOf(one).cases
    expect(made && readTest(testText(made), 'a')).toEqual(made)
    expect(readTest('{', 'a')).toContain('This is no JSON')
    expect(readTest('{"name":1,"steps":[],"closeWindows":true,"expect":[]}', 'a')).toMatch(/^name: /)
    expect(readTest('{"name":"x","steps":[{}],"closeWindows":true,"expect":[]}', 'a')).toContain('Step 1')
  })

  test('rows are read one a line, or as a list', () => {
    const rows = [{ row: { a: 1 } }, { row: { a: 2 } }]
    expect(readRows('{"a":1}\n\n{"a":2}\n')).toEqual(rows)
    expect(readRows('[{"a":1},{"a":2}]')).toEqual(rows)
    expect(readRows(rowsText(rows))).toEqual(rows)
    expect(readRows('1')).toBe('Row 1 must be an object, such as {"region": "EU", "orders": 3}.')
    expect(readRows('{"a":')).toContain('This is no JSON')
    expect(readRows('')).toEqual([])
  })

  test('the value of an event is JSON where it is an object, a text where it is anything else', () => {
    expect([
      readEventValue('{"a":1}'),
      readEventValue('{"a":'),
      readEventValue('7'),
      readEventValue(' '),
    ]).toEqual([{ a: 1 }, '{"a":', '7', null])
  })
})
