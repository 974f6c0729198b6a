import { readFile } from 'node:fs/promises'
import { explainFailure, type RowDifference, runPipelineTest, type TestResult } from '@millrace/engine'
import { migrateNodes, type PipelineGraph, parseGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { parse } from 'yaml'

/** How results are written. */
export type TestFormat = 'plain' | 'tap'

/** What came of all tests: `failed` some did not pass, `unreadable` a file holds no pipeline with tests. */
export type TestOutcome = 'passed' | 'failed' | 'unreadable'

/** A test of a file with its result. */
interface Tested {
  readonly file: string
  readonly result: TestResult
  readonly graph: PipelineGraph
}

/**
 * Runs the tests that stand in files: pipeline documents with `tests`, as YAML or JSON. Needs no server.
 *
 * @param tell called with each line of the output
 */
export async function testCommand(
  files: readonly string[],
  format: TestFormat,
  tell: (line: string) => void,
): Promise<TestOutcome> {
  const tested: Tested[] = []
  const unreadable: string[] = []
  for (const file of files) {
    const graph = await readPipeline(file)
    if (typeof graph === 'string') {
      unreadable.push(`${file}: ${graph}`)
      continue
    }
    for (const test of graph.tests?.cases ?? []) {
      tested.push({ file, graph, result: await runPipelineTest(graph, test, catalogue, runtimes) })
    }
  }
  for (const line of format === 'tap' ? tapLines(tested, unreadable) : plainLines(tested, unreadable))
    tell(line)
  if (unreadable.length > 0) return 'unreadable'
  return tested.every(({ result }) => result.passed) ? 'passed' : 'failed'
}

/** The pipeline of a file, or why there is none, in words. */
async function readPipeline(file: string): Promise<PipelineGraph | string> {
  const json = await readYaml(file)
  if (!json.ok) return json.problem
  // Nobody writes by hand where nodes stand.
  const document = isObject(json.value) ? { layout: {}, ...json.value } : json.value
  const parsed = parseGraph(document)
  if (!parsed.ok)
    return parsed.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`).join('\n')
  if ((parsed.graph.tests?.cases.length ?? 0) === 0)
    return 'There are no tests in it: add them under "tests".'
  return migrateNodes(parsed.graph, catalogue).graph
}

async function readYaml(
  file: string,
): Promise<
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string }
> {
  try {
    return { ok: true, value: parse(await readFile(file, 'utf8')) }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function plainLines(tested: readonly Tested[], unreadable: readonly string[]): string[] {
  const failed = tested.filter(({ result }) => !result.passed).length
  return [
    ...tested.flatMap(({ file, result, graph }) => [
      `${result.passed ? '✓' : '✗'} ${file}: ${result.name}`,
      ...detailLines(result, graph).map((line) => `    ${line}`),
    ]),
    ...unreadable.map((problem) => `✗ ${problem}`),
    `${tested.length - failed} passed, ${failed + unreadable.length} failed`,
  ]
}

/** The Test Anything Protocol, version 14. */
function tapLines(tested: readonly Tested[], unreadable: readonly string[]): string[] {
  return [
    'TAP version 14',
    `1..${tested.length + unreadable.length}`,
    ...tested.flatMap(({ file, result, graph }, i) => {
      const title = `${i + 1} - ${tapText(`${file}: ${result.name}`)}`
      if (result.passed) return [`ok ${title}`]
      const details = detailLines(result, graph).map((line) => `    ${line}`)
      return [`not ok ${title}`, '  ---', '  message: |', ...details, '  ...']
    }),
    ...unreadable.map((problem, i) => `not ok ${tested.length + i + 1} - ${tapText(problem)}`),
  ]
}

/** A title is one line, in which `#` would begin a directive. */
function tapText(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}

/** Why a test fails, then each expectation that does not hold with its rows. */
function detailLines(result: TestResult, graph: PipelineGraph): string[] {
  const why = explainFailure(result, graph)
  if (why === null) return []
  const rows = result.expectations.flatMap(({ passed, differences }) => (passed ? [] : differences))
  return [why, ...rows.flatMap(differenceLines)]
}

function differenceLines(difference: RowDifference): string[] {
  switch (difference.kind) {
    case 'missing':
      return [`- ${valuesLine(difference.expected.values)}`]
    case 'unexpected':
      return [`+ ${valuesLine(difference.actual.values)}`]
    case 'failing':
      return [`+ ${valuesLine(difference.actual.values)}  ${difference.reason}`]
    case 'different':
      return [
        `- ${valuesLine(difference.expected.values)}`,
        `+ ${valuesLine(difference.actual.values)}  (${difference.paths.join(', ')})`,
      ]
  }
}

function valuesLine(values: { readonly [path: string]: string }): string {
  return Object.entries(values)
    .map(([path, text]) => `${path}: ${text}`)
    .join(', ')
}
