import { type Checked, type Checking, checkAll } from './checking.ts'
import { functionNames, functionRows, localName } from './functions/table.ts'
import { resolve } from './resolve.ts'
import { suggest } from './suggest.ts'
import type { CallSyntax } from './syntax.ts'

/** Checks a call: its arguments, then the function's row that fits them. */
export function checkCall(syntax: CallSyntax, checking: Checking): Checked {
  const operands = checkAll(syntax.arguments, checking)
  const rows = functionRows(syntax.name.name)
  if (rows === undefined) return unknownFunction(syntax, checking)
  return operands && resolve(rows, operands, syntax, checking)
}

function unknownFunction(syntax: CallSyntax, checking: Checking): null {
  const { name } = syntax
  const meant = localName(name.name) ?? suggest(name.name, functionNames())
  const message = `There is no function ${name.name}`
  if (meant === null) return checking.refuse('unknown_function', name, message)
  return checking.refuse('unknown_function', name, `${message}. Did you mean ${meant}?`, meant)
}
