import {
  type CompileResult,
  compile,
  compileCondition,
  type DataType,
  type Evaluate,
  type Field,
  formatType,
  scalar,
} from '@millrace/expr'
import type { ConfigIssue } from '@millrace/graph'
import { expressionIssues } from '../config/check-expression.ts'
import { issue } from '../config/issue.ts'
import { AGGREGATES } from './aggregates.ts'
import type { AggregateFunction, Aggregator } from './aggregator.ts'
import { type AggregateConfig, optionsOf } from './settings.ts'

/** One aggregate, ready to run over rows of a schema. */
export interface CompiledAggregate {
  readonly name: string
  readonly aggregator: Aggregator
  /** Null where every event counts. */
  readonly argument: CompiledText | null
  /** Null where there is no condition. */
  readonly where: CompiledText | null
}

/** An expression with its text, by which equal ones are found. */
export interface CompiledText {
  readonly text: string
  readonly type: DataType
  readonly evaluate: Evaluate
}

/** Compiles the aggregates of a config; null where one is wrong. */
export function compileAggregates(
  configs: readonly AggregateConfig[],
  fields: readonly Field[],
): readonly CompiledAggregate[] | null {
  const compiled = configs.flatMap((config) => compileOne(config, fields) ?? [])
  return compiled.length === configs.length ? compiled : null
}

function compileOne(config: AggregateConfig, fields: readonly Field[]): CompiledAggregate | null {
  const argument = compileOptional(config.argument, (text) => compile(text, fields))
  const where = compileOptional(config.where, (text) => compileCondition(text, fields))
  if (argument?.ok === false || where?.ok === false) return null
  const aggregator = aggregatorOf(config, argument)
  return (
    aggregator && {
      name: config.as,
      aggregator,
      argument: argument && { text: config.argument ?? '', ...argument.expression },
      where: where && { text: config.where ?? '', ...where.expression },
    }
  )
}

function aggregatorOf(config: AggregateConfig, argument: CompileResult | null): Aggregator | null {
  const definition: AggregateFunction = AGGREGATES[config.function]
  if (argument === null && !definition.takesRows) return null
  const type = argument?.ok ? argument.expression.type : scalar('boolean', false)
  return definition.forType(type, optionsOf(config))
}

/** An empty setting is one that is not there. */
function compileOptional<Result extends CompileResult>(
  text: string | undefined,
  compileText: (text: string) => Result,
): Result | null {
  return text === undefined || text.trim() === '' ? null : compileText(text)
}

/** The fields of the results of all aggregates, in order. */
export function resultFields(aggregates: readonly CompiledAggregate[]): readonly Field[] {
  return aggregates.flatMap(({ name, aggregator }) =>
    aggregator.fields.map(({ suffix, type }) => ({ name: name + suffix, type })),
  )
}

/** What is wrong with the aggregates of a config over known fields. */
export function checkAggregates(
  configs: readonly AggregateConfig[],
  fields: readonly Field[],
): readonly ConfigIssue[] {
  return configs.flatMap((config, i) => {
    const path = ['aggregates', String(i)]
    const where = compileOptional(config.where, (text) => compileCondition(text, fields))
    return [
      ...checkArgument(config, fields, [...path, 'argument']),
      ...(where === null ? [] : expressionIssues(config.where ?? '', where, [...path, 'where'])),
    ]
  })
}

function checkArgument(
  config: AggregateConfig,
  fields: readonly Field[],
  path: readonly string[],
): readonly ConfigIssue[] {
  const name = config.function.replace('_', ' ')
  const argument = compileOptional(config.argument, (text) => compile(text, fields))
  if (argument === null) {
    return AGGREGATES[config.function].takesRows
      ? []
      : [issue('argument_missing', path, `Say what to take the ${name} of.`)]
  }
  if (!argument.ok) return expressionIssues(config.argument ?? '', argument, path)
  if (aggregatorOf(config, argument) !== null) return []
  const type = formatType(argument.expression.type)
  return [issue('argument_type', path, `There is no ${name} of values of type ${type}.`)]
}
