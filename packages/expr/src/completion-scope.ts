import type { SyntaxNode } from '@lezer/common'
import { check } from './check.ts'
import type { ExpressionSchema } from './expression.ts'
import { parse, parseTree } from './parse.ts'
import { part, parts, readName } from './tree.ts'
import type { DataType } from './type.ts'
import type { Typed, Variable } from './typed.ts'

/** A name that can be written at a place, beside the fields of the row. */
export interface ScopeVariable extends Variable {
  /** Names of the fields that the value comes from; null where it is computed. */
  readonly path: readonly string[] | null
}

/** What can be named at the end of a text: fields, and the parameters of the lambdas that are open there. */
export class CompletionScope {
  readonly schema: ExpressionSchema
  /** Those of the innermost lambda first. */
  readonly variables: readonly ScopeVariable[]
  readonly #text: string

  constructor(text: string, schema: ExpressionSchema) {
    this.#text = text
    this.schema = schema
    const variables: ScopeVariable[] = []
    for (const lambda of this.#openLambdas()) variables.unshift(...this.#parametersOf(lambda, variables))
    this.variables = variables
  }

  /** The part of the text, checked; null where it is wrong. */
  typed(from: number, to: number, variables: readonly Variable[] = this.variables): Typed | null {
    const text = this.#text.slice(from, to)
    const parsed = parse(text)
    const checked = parsed.ok ? check(parsed.syntax, text, this.schema, variables) : null
    return checked?.ok ? checked.typed : null
  }

  /** Names of the fields that a value comes from, elements of arrays included; null where it is computed. */
  pathOf(typed: Typed, variables: readonly ScopeVariable[] = this.variables): readonly string[] | null {
    switch (typed.kind) {
      case 'field':
        return typed.path
      case 'variable':
        return variables.find(({ cell }) => cell === typed.variable.cell)?.path ?? null
      case 'subscript':
        return this.pathOf(typed.object, variables)
      case 'member': {
        const path = this.pathOf(typed.object, variables)
        const { type } = typed.object
        const field = type.kind === 'struct' ? type.fields[typed.position] : undefined
        return path && field ? [...path, field.name] : null
      }
      default:
        return null
    }
  }

  /** Lambdas that reach to the end of the text, the outermost first. */
  #openLambdas(): SyntaxNode[] {
    const lambdas: SyntaxNode[] = []
    parseTree(this.#text)
      .cursor()
      .iterate(({ name, to, node }) => {
        if (name === 'Lambda' && this.#text.slice(to).trim() === '' && node.getChild('Arrow') !== null)
          lambdas.push(node)
      })
    return lambdas
  }

  #parametersOf(lambda: SyntaxNode, outer: readonly ScopeVariable[]): ScopeVariable[] {
    const names = parts(part(parts(lambda), 0)).filter((child) => child.name === 'LambdaParameter')
    const [source, initial] = lambda.parent === null ? [] : this.#argumentsOf(lambda.parent, outer)
    const array = source?.type.kind === 'array' ? source : null
    const element = { type: elementOf(array?.type), path: array && this.pathOf(array, outer) }
    const first = names.length === 1 ? element : { type: initial?.type, path: null }
    return names.flatMap((name, i) => {
      const { type, path } = i === names.length - 1 ? element : first
      if (type === undefined) return []
      return [{ name: readName(name, this.#text).name, type, path, cell: { value: null } }]
    })
  }

  /** The first arguments of a call, checked. */
  #argumentsOf(call: SyntaxNode, outer: readonly ScopeVariable[]): (Typed | null)[] {
    const open = parts(call).findIndex((child) => child.name === '(')
    return parts(call)
      .slice(open + 1)
      .filter((child) => child.name !== ',' && child.name !== 'Lambda' && !child.type.isError)
      .map(({ from, to }) => this.typed(from, to, outer))
  }
}

function elementOf(type: DataType | undefined): DataType | undefined {
  return type?.kind === 'array' ? type.element : undefined
}
