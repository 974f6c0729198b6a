import type { CallSyntax, Syntax } from './syntax.ts'

type ChildrenOf = {
  readonly [K in Syntax['kind']]: (syntax: Extract<Syntax, { kind: K }>) => readonly Syntax[]
}

const NONE = () => []

const CHILDREN: ChildrenOf = {
  literal: NONE,
  interval: NONE,
  field: NONE,
  member: ({ object }) => [object],
  subscript: ({ object, index }) => [object, index],
  arithmetic: ({ operands }) => operands,
  concatenation: ({ operands }) => operands,
  comparison: ({ left, right }) => [left, right],
  logic: ({ operands }) => operands,
  not: ({ operand }) => [operand],
  nullTest: ({ operand }) => [operand],
  distinct: ({ left, right }) => [left, right],
  like: ({ operand }) => [operand],
  in: ({ operand, options }) => [operand, ...options],
  between: ({ operand, low, high }) => [operand, low, high],
  case: ({ operand, branches, otherwise }) => [
    ...(operand === null ? [] : [operand]),
    ...branches.flatMap(({ when, result }) => [when, result]),
    ...(otherwise === null ? [] : [otherwise]),
  ],
  cast: ({ operand }) => [operand],
  call: (syntax) => syntax.arguments,
  lambda: ({ body }) => [body],
}

/** The parts that a part is made of, in the order of the text; of `like` only what it looks at. */
export function childrenOf(syntax: Syntax): readonly Syntax[] {
  return (CHILDREN[syntax.kind] as (syntax: Syntax) => readonly Syntax[])(syntax)
}

/** A part and all that is in it, from the outside in. */
export function partsOf(syntax: Syntax): readonly Syntax[] {
  return [syntax, ...childrenOf(syntax).flatMap(partsOf)]
}

/** True for a call of a function, whose name may be written in any case. */
export function isCallOf(syntax: Syntax, name: string): syntax is CallSyntax {
  return syntax.kind === 'call' && syntax.name.name.toLowerCase() === name
}
