import { compile, type Field, formatType } from '@millrace/expr'
import type { InputSchemas, ListHelp } from '@millrace/graph'
import { AGGREGATES } from './aggregates.ts'
import type { AggregateFunction } from './aggregator.ts'
import { type AggregateConfig, optionsOf, resultNames } from './settings.ts'

interface WithAggregates {
  readonly aggregates: readonly AggregateConfig[]
}

/** Helps the form with a list of aggregates: functions that do not fit what they are taken of, and the names of results. */
export const aggregateList: ListHelp<WithAggregates> = {
  entryFor: ({ name }) => ({ function: 'max', argument: name, as: `max_${name}` }),
  unfit: ({ aggregates }, index, member, inputs) => {
    const entry = aggregates[index]
    const fields = fieldsOf(inputs)
    return member === 'function' && entry && fields ? unfitFunctions(entry, fields) : new Map()
  },
  resultsOf: ({ aggregates }, index) => {
    const entry = aggregates[index]
    return entry === undefined ? [] : resultNames(entry)
  },
}

function fieldsOf({ in: input }: InputSchemas): readonly Field[] | null {
  return input?.fields ?? null
}

/** While it is not yet said what to take them of, or that is wrong, all fit. */
function unfitFunctions(entry: AggregateConfig, fields: readonly Field[]): ReadonlyMap<string, string> {
  const text = entry.argument ?? ''
  const argument = text.trim() === '' ? null : compile(text, fields)
  if (argument === null || !argument.ok) return new Map()
  const { type } = argument.expression
  return new Map(
    Object.entries<AggregateFunction>(AGGREGATES).flatMap(([name, { forType }]) =>
      forType(type, optionsOf(entry)) === null ? [[name, `not of ${formatType(type)}`] as const] : [],
    ),
  )
}
