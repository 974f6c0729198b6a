import {
  type CompileResult,
  compile,
  compileCondition,
  type Evaluate,
  type Field,
  formatType,
  scalar,
} from '@millrace/expr'
import type { ConfigIssue } from '@millrace/graph'
import { expressionIssues } from '../../config/check-expression.ts'
import { issue } from '../../config/issue.ts'
import { AGGREGATES, type Aggregator } from './aggregates.ts'
import type { WindowConfig } from './definition.ts'

type AggregateConfig = WindowConfig['aggregates'][number]

/** One aggregate, ready to run over rows of a schema. */
export interface CompiledAggregate {
  readonly name: string
  readonly aggregator: Aggregator
  /** Null where every event counts. */
  readonly argument: Evaluate | null
  /** Null where there is no condition. */
  readonly where: Evaluate | null
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
  if (argument === null && !AGGREGATES[config.function].takesRows) return null
  const type = argument?.expression.type ?? scalar('boolean', false)
  const aggregator = AGGREGATES[config.function].forType(type)
  return (
    aggregator && {
      name: config.as,
      aggregator,
      argument: argument?.expression.evaluate ?? null,
      where: where?.expression.evaluate ?? null,
    }
  )
}

/** An empty setting is one that is not there. */
function compileOptional(
  text: string | undefined,
  compileText: (text: string) => CompileResult,
): CompileResult | null {
  return text === undefined || text.trim() === '' ? null : compileText(text)
}

/** What is wrong with the aggregates of a config. */
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
  const name = config.function
  const argument = compileOptional(config.argument, (text) => compile(text, fields))
  if (argument === null) {
    return AGGREGATES[name].takesRows
      ? []
      : [issue('argument_missing', path, `Say what to take the ${name} of.`)]
  }
  if (!argument.ok) return expressionIssues(config.argument ?? '', argument, path)
  const { type } = argument.expression
  if (AGGREGATES[name].forType(type) !== null) return []
  return [issue('argument_type', path, `There is no ${name} of values of type ${formatType(type)}.`)]
}
