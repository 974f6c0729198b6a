import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testCommand } from './test-command.ts'

const PIPELINE = `
format: 1
name: Large orders
nodes:
  - id: orders
    type: kafka
    typeVersion: 1
    label: Orders
    note: ''
    config:
      connection: kafka
      topic: orders
      format: json
      fields: [{ name: id, type: string not null }, { name: total, type: double }, { name: ts, type: timestamp }]
      eventTime: ts
      outOfOrderness: 0
      idleTimeout: 30000
      maxAhead: null
      keyedBy: []
  - { id: large, type: filter, typeVersion: 1, label: Large, note: '', config: { mode: keep, condition: total >= 100 } }
  - { id: out, type: kafka-sink, typeVersion: 1, label: Out, note: '', config: { connection: kafka, topic: large, key: [id] } }
edges:
  - { id: a, from: { node: orders, port: out }, to: { node: large, port: in } }
  - { id: b, from: { node: large, port: out }, to: { node: out, port: in } }
tests:
  required: true
  cases:
    - id: keeps
      name: Keeps large orders
      closeWindows: true
      steps:
        - { to: orders, value: { id: a, total: 99, ts: 2026-01-01T00:00:00Z } }
        - { to: orders, value: { id: b, total: 100, ts: 2026-01-01T00:00:01Z } }
      expect:
        - { node: out, of: in, check: rows, rows: [{ row: { id: EXPECTED, total: 100 } }] }
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(text: string, format: 'plain' | 'tap' = 'plain') {
  const file = path.join(folder, 'pipeline.yaml')
  await writeFile(file, text)
  const lines: string[] = []
  const outcome = await testCommand([file], format, (line) => lines.push(line.replace(`${folder}/`, '')))
  return { outcome, lines }
}

test('a test that passes is told in a line', async () => {
  expect(await run(PIPELINE.replace('EXPECTED', 'b'))).toEqual({
    outcome: 'passed',
    lines: ['✓ pipeline.yaml: Keeps large orders', '1 passed, 0 failed'],
  })
})

test('a test that fails says where, and shows expected against actual', async () => {
  const { outcome, lines } = await run(PIPELINE.replace('EXPECTED', 'a'))
  expect(outcome).toBe('failed')
  expect(lines).toEqual([
    '✗ pipeline.yaml: Keeps large orders',
    '    "Out", what goes in: 1 row, 1 expected: 1 different (id is "b", expected "a")',
    '    - id: "a", total: 100',
    '    + id: "b", total: 100, ts: 1767225601000  (id)',
    '1 passed, 1 failed'.replace('1 passed', '0 passed'),
  ])
})

test('results can be read by programs', async () => {
  expect((await run(PIPELINE.replace('EXPECTED', 'b'), 'tap')).lines).toEqual([
    'TAP version 14',
    '1..1',
    'ok 1 - pipeline.yaml: Keeps large orders',
  ])
  const { lines } = await run(PIPELINE.replace('EXPECTED', 'a'), 'tap')
  expect(lines.slice(2, 5)).toEqual(['not ok 1 - pipeline.yaml: Keeps large orders', '  ---', '  message: |'])
})

test.each([
  ['no YAML', ': [', 'pipeline.yaml:'],
  ['no document', 'nodes: 1', 'format'],
  ['of a newer format', 'format: 99', 'written by a newer Millrace'],
  ['without tests', PIPELINE.slice(0, PIPELINE.indexOf('tests:')), 'There are no tests in it'],
])('a file that is %s is named, and why', async (_, text, words) => {
  const { outcome, lines } = await run(text)
  expect(outcome).toBe('unreadable')
  expect(lines[0]).toContain(words)
})
