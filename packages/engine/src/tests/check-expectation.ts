import { compileCondition, EvaluationError, type Field } from '@millrace/expr'
import type { Expectation, RowsExpectation } from '@millrace/graph'
import {
  differencesOf,
  pairInAnyOrder,
  pairInOrder,
  type RowMatcher,
  rowMatcher,
  rowText,
} from './match-rows.ts'
import { type ExpectationResult, MOST_DIFFERENCES, type RowDifference } from './result.ts'
import type { SideRow, SideRows } from './side-rows.ts'

/** What a check found. */
type Verdict = Pick<ExpectationResult, 'passed' | 'message' | 'differences'>

/** Compares the rows of a node with what is expected of them. */
export function checkRows(expectation: Expectation, side: SideRows): Verdict {
  const verdict = verdictOf(expectation, side)
  return { ...verdict, differences: verdict.differences.slice(0, MOST_DIFFERENCES) }
}

function verdictOf(expectation: Expectation, side: SideRows): Verdict {
  switch (expectation.check) {
    case 'count':
      return checkCount(expectation.count, side)
    case 'every':
      return checkEvery(expectation.condition, side)
    default:
      return checkList(expectation, side)
  }
}

function checkCount(count: number, { rows }: SideRows): Verdict {
  const passed = rows.length === count
  return { passed, message: `${counted(rows.length)}${passed ? '' : `, ${count} expected`}`, differences: [] }
}

function checkEvery(text: string, { fields, rows }: SideRows): Verdict {
  const compiled = compileCondition(text, fields)
  if (!compiled.ok) return refused(`The condition is wrong: ${compiled.issues[0]?.message ?? ''}.`)
  const { evaluate } = compiled.expression
  const differences = rows.flatMap((row): RowDifference[] => {
    const reason = whyNot(row, evaluate)
    return reason === null ? [] : [{ kind: 'failing', actual: rowText(row, fields), reason }]
  })
  const passed = differences.length === 0
  const failing = `${differences.length} of ${counted(rows.length)} do not meet ${text}`
  return { passed, message: passed ? `${counted(rows.length)}, all meet ${text}` : failing, differences }
}

function whyNot(
  { row, time }: SideRow,
  evaluate: (row: SideRow['row'], context: { readonly time: number }) => unknown,
): string | null {
  try {
    const value = evaluate(row, { time: time ?? 0 })
    if (value === true) return null
    return value === null ? 'It cannot be told: a value is null.' : 'It is false.'
  } catch (error) {
    if (error instanceof EvaluationError) return error.message
    throw error
  }
}

function checkList(expectation: RowsExpectation, side: SideRows): Verdict {
  const { check, inOrder = false } = expectation
  const matchers = matchersOf(expectation, side.fields)
  if (typeof matchers === 'string') return refused(matchers)
  const mayExceed = check === 'contains'
  const pairing = (inOrder ? pairInOrder : pairInAnyOrder)(matchers, side.rows)
  const differences = differencesOf(matchers, side, pairing, mayExceed)
  const passed = differences.length === 0
  const what = mayExceed
    ? `${matchers.length} expected among ${counted(side.rows.length)}`
    : counted(side.rows.length)
  if (passed) return { passed, message: `${what}, as expected`, differences }
  const order = inOrder && pairInAnyOrder(matchers, side.rows).actualOf.every((at) => at >= 0)
  const expected = mayExceed ? '' : `, ${matchers.length} expected`
  const found = order ? 'they come in another order' : summaryOf(differences)
  return { passed, message: `${what}${expected}: ${found}`, differences }
}

function matchersOf({ rows }: RowsExpectation, fields: readonly Field[]): readonly RowMatcher[] | string {
  const matchers: RowMatcher[] = []
  for (const [i, row] of rows.entries()) {
    const matcher = rowMatcher(row, fields)
    if (typeof matcher === 'string') return `Expected row ${i + 1}: ${matcher}`
    matchers.push(matcher)
  }
  return matchers
}

const KINDS = ['different', 'missing', 'unexpected'] as const

function summaryOf(differences: readonly RowDifference[]): string {
  return KINDS.flatMap((kind) => {
    const count = differences.filter((difference) => difference.kind === kind).length
    return count === 0 ? [] : [`${count} ${kind}`]
  }).join(', ')
}

function refused(message: string): Verdict {
  return { passed: false, message, differences: [] }
}

function counted(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`
}
