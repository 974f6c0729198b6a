import {
  type Expectation,
  type GraphChange,
  type PipelineGraph,
  type PipelineTest,
  type PipelineTests,
  parseGraph,
  type TestStep,
} from '@millrace/graph'
import { t } from '../i18n/t.ts'

/** The tests of a document; none where it has none. */
export function testsOf({ tests }: PipelineGraph): PipelineTests {
  return tests ?? { required: false, cases: [] }
}

/** Sets the tests; where nothing is left of them, the document has none. */
function setTests(tests: PipelineTests): GraphChange {
  const isNothing = tests.cases.length === 0 && !tests.required
  return { kind: 'set-tests', tests: isNothing ? null : tests }
}

/** Says whether a draft is published only with green tests. */
export function requireTests(graph: PipelineGraph, required: boolean): GraphChange {
  return setTests({ ...testsOf(graph), required })
}

/** A test that holds nothing yet. */
export function emptyTest(id: string, name: string): PipelineTest {
  return { id, name, steps: [], closeWindows: true, expect: [] }
}

/** Adds a test at the end. */
export function addTest(graph: PipelineGraph, test: PipelineTest): GraphChange {
  const tests = testsOf(graph)
  return setTests({ ...tests, cases: [...tests.cases, test] })
}

/** Takes a test away. */
export function removeTest(graph: PipelineGraph, id: string): GraphChange {
  const tests = testsOf(graph)
  return setTests({ ...tests, cases: tests.cases.filter((test) => test.id !== id) })
}

/** Changes parts of a test. */
export function patchTest(graph: PipelineGraph, id: string, patch: Partial<PipelineTest>): GraphChange {
  const tests = testsOf(graph)
  return setTests({
    ...tests,
    cases: tests.cases.map((test) => (test.id === id ? { ...test, ...patch } : test)),
  })
}

/** Replaces one member of a list, or takes it out. */
export function replaceAt<T>(list: readonly T[], at: number, ...members: readonly T[]): readonly T[] {
  return list.toSpliced(at, 1, ...members)
}

/** A test as text to be edited: JSON without its id. */
export function testText({ id: _, ...test }: PipelineTest): string {
  return JSON.stringify(test, null, 2)
}

/** Reads a test from text; a sentence where it is none. */
export function readTest(text: string, id: string): PipelineTest | string {
  const json = parseJson(text)
  if (typeof json === 'string') return json
  const test = { ...(json.value as object), id }
  const document = {
    format: 1,
    name: '',
    nodes: [],
    edges: [],
    layout: {},
    tests: { required: false, cases: [test] },
  }
  const parsed = parseGraph(document)
  if (parsed.ok) return test as PipelineTest
  const [first] = parsed.issues
  const place = first?.path.slice(3).join(' › ')
  return `${place ? `${place}: ` : ''}${first?.message ?? t('This is no test.')}`
}

/** Reads the rows of an expectation: a JSON list of objects, or one object in a line. */
export function readRows(text: string): Extract<Expectation, { rows: unknown }>['rows'] | string {
  const trimmed = text.trim()
  const listed = trimmed.startsWith('[') ? trimmed : `[${trimmed.split(/\n+/).filter(Boolean).join(',')}]`
  const json = parseJson(listed)
  if (typeof json === 'string') return json
  const rows = json.value as readonly unknown[]
  const wrong = rows.findIndex((row) => typeof row !== 'object' || row === null || Array.isArray(row))
  if (wrong >= 0) return `Row ${wrong + 1} must be an object, such as {"region": "EU", "orders": 3}.`
  return rows.map((row) => ({ row: row as Extract<Expectation, { rows: unknown }>['rows'][number]['row'] }))
}

/** Rows as text, one object in a line. */
export function rowsText(rows: Extract<Expectation, { rows: unknown }>['rows']): string {
  return rows.map(({ row }) => JSON.stringify(row)).join('\n')
}

/** The value of an event as text. */
export function valueText(step: TestStep): string {
  if (!('value' in step)) return ''
  return typeof step.value === 'string' ? step.value : JSON.stringify(step.value)
}

/** The value that a text means: JSON where it is an object, else the text as it stands. */
export function readEventValue(text: string): Extract<TestStep, { value?: unknown }>['value'] {
  if (text.trim() === '') return null
  const json = parseJson(text)
  const isObject = typeof json !== 'string' && typeof json.value === 'object' && !Array.isArray(json.value)
  return isObject ? (json.value as { readonly [name: string]: never } | null) : text
}

function parseJson(text: string): { readonly value: unknown } | string {
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return t('This is no JSON: {value}', { value: error instanceof Error ? error.message : '' })
  }
}
