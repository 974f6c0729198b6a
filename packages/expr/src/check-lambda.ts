import { type Checked, type Checking, expectType, typeName } from './checking.ts'
import { commonType, type Operand, UNTYPED } from './coerce.ts'
import { decimalSumType } from './decimal-type.ts'
import type { FunctionRow, LambdaParameter, PlanLambdaCall } from './functions/function.ts'
import type { CallSyntax, LambdaSyntax, Syntax } from './syntax.ts'
import { arrayOf, type DataType, sameType, scalar, withNullable } from './type.ts'
import type { Typed, TypedLambda, Variable } from './typed.ts'

/** What the lambda of a call is told: the types of its parameters, and what it must give; null where any type will do. */
interface Signature {
  readonly parameters: readonly DataType[]
  readonly result: DataType | null
}

/** Checks a call of a function that takes a lambda as its last argument. */
export function checkLambdaCall(
  syntax: CallSyntax,
  row: FunctionRow,
  plan: PlanLambdaCall,
  checking: Checking,
): Checked {
  const { name, parameters } = row
  if (syntax.arguments.length !== parameters.length)
    return checking.refuse('argument_count', syntax, `${shapeOf(row)}, found ${countOf(syntax)}`)
  const args = checkArguments(syntax.arguments.slice(0, -1), row, checking)
  const lambda = syntax.arguments.at(-1) as Syntax
  if (lambda.kind !== 'lambda')
    return checking.refuse('type_mismatch', lambda, `${shapeOf(row)}; this is no lambda`)
  if (args === null) return null
  const kind = parameters.at(-1) as LambdaParameter
  const checked = checkLambda(kind, lambda, args, name, checking)
  if (checked === null) return null
  const { values, body } = checked
  return {
    kind: 'lambdaCall',
    type: resultType(row, values, body.body.type),
    name,
    arguments: values,
    lambda: body,
    plan,
    budget: checking.budget,
  }
}

function countOf({ arguments: { length } }: CallSyntax): string {
  return length === 1 ? '1 argument' : `${length} arguments`
}

const SHAPES: Readonly<Record<LambdaParameter, string>> = {
  'T -> boolean': 'an array and a condition on its elements, such as x -> x > 0',
  'T -> U': 'an array and what to make of its elements, such as x -> x * 2',
  '(U, T) -> U': 'an array, a first value and how to go on from it, such as (sum, x) -> sum + x',
}

function shapeOf({ name, parameters }: FunctionRow): string {
  return `${name} takes ${SHAPES[parameters.at(-1) as LambdaParameter]}`
}

/** The array, and the first value where there is one. */
function checkArguments(
  parts: readonly Syntax[],
  { name }: FunctionRow,
  checking: Checking,
): Operand[] | null {
  const operands = parts.map((syntax) => {
    const typed = checking.check(syntax)
    return typed && { syntax, typed }
  })
  const [array, initial] = operands
  if (array && array.typed.type.kind !== 'array')
    return checking.refuse(
      'type_mismatch',
      array.syntax,
      `${name} expects an array, found ${typeName(array.typed.type)}`,
    )
  if (initial?.typed.type === UNTYPED)
    return checking.refuse(
      'type_mismatch',
      initial.syntax,
      'This null has no type: write cast(null as int64) or another type',
    )
  return operands.every((operand) => operand !== null) ? operands : null
}

interface CheckedLambda {
  readonly values: readonly Typed[]
  readonly body: TypedLambda
}

function checkLambda(
  kind: LambdaParameter,
  lambda: LambdaSyntax,
  args: readonly Operand[],
  name: string,
  checking: Checking,
): CheckedLambda | null {
  const [array, initial] = args as [Operand, Operand?]
  const element = elementOf(array.typed)
  const values = args.map((operand) => operand.typed)
  if (kind === '(U, T) -> U') return checkReduction(lambda, array, initial as Operand, name, checking)
  const result = kind === 'T -> boolean' ? scalar('boolean') : null
  const body = checkBody(lambda, { parameters: [element], result }, name, checking)
  return body && { values, body }
}

function elementOf({ type }: Typed): DataType {
  return type.kind === 'array' ? type.element : UNTYPED
}

/** What a reduction may widen: a decimal, int64 to decimal or double, null. It is found in so many rounds or not at all. */
const ROUNDS = 4

/**
 * The type of a reduction is that of its first value, widened to what the lambda makes of it. A sum of decimals gets
 * more digits with every element, so it has 38 from the start.
 */
function checkReduction(
  lambda: LambdaSyntax,
  array: Operand,
  initial: Operand,
  name: string,
  checking: Checking,
): CheckedLambda | null {
  let { type } = initial.typed
  for (let round = 0; round < ROUNDS; round++) {
    const parameters = [type, elementOf(array.typed)]
    const body = checkBody(lambda, { parameters, result: null }, name, checking)
    if (body === null) return null
    const next = reductionType([initial.typed, body.body], type)
    if (next === null) return refuseResult(lambda.body, body.body, type, name, checking)
    if (sameType(next, type)) {
      const first = expectType(initial, type, name, checking)
      const result = expectType({ syntax: lambda.body, typed: body.body }, type, name, checking)
      return first && result && { values: [array.typed, first], body: { ...body, body: result } }
    }
    type = next
  }
  return refuseResult(lambda.body, initial.typed, type, name, checking)
}

function reductionType(values: readonly Typed[], before: DataType): DataType | null {
  const common = commonType([...values, { kind: 'member', type: before }])
  return common?.kind === 'decimal' ? withNullable(decimalSumType(common), common.nullable) : common
}

function refuseResult(at: Syntax, found: Typed, expected: DataType, name: string, checking: Checking): null {
  const message = `The lambda of ${name} expects to make ${typeName(expected)} like its first value, found ${typeName(found.type)}`
  return checking.refuse('type_mismatch', at, message)
}

function checkBody(
  { parameters, body: part, from, to }: LambdaSyntax,
  signature: Signature,
  name: string,
  checking: Checking,
): TypedLambda | null {
  if (parameters.length !== signature.parameters.length) {
    const message = `The lambda of ${name} has ${signature.parameters.length} parameters, found ${parameters.length}`
    return checking.refuse('argument_count', { from, to }, message)
  }
  const twice = parameters.find((one, i) => parameters.findIndex((other) => other.name === one.name) < i)
  if (twice !== undefined)
    return checking.refuse('duplicate_name', twice, `The parameter ${twice.name} stands twice`)
  const variables = parameters.map(
    (parameter, i): Variable => ({
      name: parameter.name,
      type: signature.parameters[i] as DataType,
      cell: { value: null },
    }),
  )
  const inner = checking.within(variables, { from, to })
  if (inner === null) return null
  const typed = inner.check(part)
  return typed && withResult({ syntax: part, typed }, variables, signature.result, name, checking)
}

function withResult(
  operand: Operand,
  variables: readonly Variable[],
  result: DataType | null,
  name: string,
  checking: Checking,
): TypedLambda | null {
  if (result === null && operand.typed.type === UNTYPED)
    return checking.refuse(
      'type_mismatch',
      operand.syntax,
      'null alone has no type: write cast(null as string) or another type',
    )
  const body =
    result === null ? operand.typed : expectType(operand, result, `The lambda of ${name}`, checking)
  return body && { variables, body }
}

/** Null where the array is, or the lambda gives it. */
function resultType({ result }: FunctionRow, args: readonly Typed[], body: DataType): DataType {
  const nullable = args.some((argument) => argument.type.nullable)
  const [array] = args as [Typed]
  if (result === 'array<T>') return array.type
  if (result === 'array<U>') return arrayOf(body, nullable)
  return withNullable(body, body.nullable || nullable)
}
