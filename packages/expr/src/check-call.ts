import { checkLambdaCall } from './check-lambda.ts'
import { type Checked, type Checking, checkAll } from './checking.ts'
import { functionNames, functionRows, localName } from './functions/table.ts'
import { resolve } from './resolve.ts'
import { suggest } from './suggest.ts'
import type { CallSyntax } from './syntax.ts'

/** Checks a call: its arguments, then the function's row that fits them. */
export function checkCall(syntax: CallSyntax, checking: Checking): Checked {
  const rows = functionRows(syntax.name.name)
  if (rows === undefined) return unknownFunction(syntax, checking)
  const [row] = rows
  if (row?.implementation.how === 'lambda')
    return checkLambdaCall(syntax, row, row.implementation.plan, checking)
  const lambda = syntax.arguments.find((argument) => argument.kind === 'lambda')
  if (lambda !== undefined) return checking.refuse('type_mismatch', lambda, `${row?.name} takes no lambda`)
  const operands = checkAll(syntax.arguments, checking)
  return operands && resolve(rows, operands, syntax, checking)
}

/** What stands among the arguments is checked as well, but for lambdas: nobody knows their parameters. */
function unknownFunction(syntax: CallSyntax, checking: Checking): null {
  checkAll(
    syntax.arguments.filter((argument) => argument.kind !== 'lambda'),
    checking,
  )
  const { name } = syntax
  const meant = localName(name.name) ?? suggest(name.name, functionNames())
  const message = `There is no function ${name.name}`
  if (meant === null) return checking.refuse('unknown_function', name, message)
  return checking.refuse('unknown_function', name, `${message}. Did you mean ${meant}?`, meant)
}
