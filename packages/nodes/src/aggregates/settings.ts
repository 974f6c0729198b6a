import { type Static, type TArray, Type } from 'typebox'
import { hint } from '../config/hint.ts'
import { choiceSetting, closed, conditionSetting, type SettingText } from '../config/settings.ts'
import type { AggregateName } from './aggregates.ts'
import type { AggregateOptions } from './aggregator.ts'

const FUNCTIONS: Readonly<Record<AggregateName, string>> = {
  count: 'count',
  count_distinct: 'count distinct',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  first: 'first',
  last: 'last',
  stddev_samp: 'stddev (sample)',
  stddev_pop: 'stddev (population)',
  percentile: 'percentile',
  collect: 'collect',
}

const isPercentile = [{ setting: 'function', is: ['percentile'] }]

/** Settings of one aggregate. */
const aggregate = Type.Object(
  {
    function: choiceSetting(
      { title: 'Function', description: 'What to compute over the events.', default: 'count' },
      FUNCTIONS,
    ),
    argument: Type.Optional(
      Type.String({
        title: 'Of',
        description: 'A field or an expression. A count without it counts every event; nulls are skipped.',
        default: '',
        maxLength: 4096,
        ...hint('expression', { port: 'in' }),
      }),
    ),
    percentile: Type.Optional(
      Type.Number({
        title: 'Percentile',
        description: 'Which percentile, from 0 to 100: 50 is the median.',
        default: 95,
        minimum: 0,
        maximum: 100,
        ...hint('number', { placeholder: '95', showWhen: [isPercentile] }),
      }),
    ),
    exact: Type.Optional(
      Type.Boolean({
        title: 'Exact',
        description: 'Keeps the values themselves; without it a percentile is right to 1 %.',
        default: false,
        ...hint('toggle', { showWhen: [isPercentile] }),
      }),
    ),
    exactUpTo: Type.Optional(
      Type.Integer({
        title: 'Exact up to',
        description: 'So many values are kept; beyond that the result is an estimate and says so.',
        default: 1000,
        minimum: 100,
        maximum: 10_000,
        ...hint('number', {
          advanced: true,
          placeholder: '1000',
          showWhen: [
            [{ setting: 'function', is: ['count_distinct'] }],
            [...isPercentile, { setting: 'exact', is: [true] }],
          ],
        }),
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        title: 'At most',
        description: 'How many values are kept: those of the earliest events.',
        default: 100,
        minimum: 1,
        maximum: 1000,
        ...hint('number', { placeholder: '100', showWhen: [[{ setting: 'function', is: ['collect'] }]] }),
      }),
    ),
    as: Type.String({
      title: 'As',
      description: 'Name of the field that holds the result.',
      default: '',
      maxLength: 200,
      ...hint('text'),
    }),
    where: Type.Optional(
      conditionSetting(
        { title: 'Only where', description: 'Takes only the events for which this condition is true.' },
        { advanced: true },
      ),
    ),
  },
  closed,
)

/** Settings of one aggregate. */
export type AggregateConfig = Static<typeof aggregate>

/** A list of aggregates; it begins with a count. */
export function aggregatesSetting(text: SettingText): TArray<typeof aggregate> {
  return Type.Array(aggregate, {
    ...text,
    default: COUNT,
    maxItems: 50,
    ...hint('list', { entry: 'Aggregate', layout: 'rows' }),
  })
}

/** What a fresh list of aggregates holds. */
export const COUNT: AggregateConfig[] = [{ function: 'count', as: 'count' }]

/** The names of the fields of an aggregate's result: its own, and what says more about it. */
export function resultNames({ as, ...config }: AggregateConfig): readonly string[] {
  if (config.function === 'collect') return [as, `${as}_truncated`]
  const saysMore = config.function === 'count_distinct' || (config.function === 'percentile' && config.exact)
  return saysMore ? [as, `${as}_approximate`] : [as]
}

/** The options of an aggregate, with what is left out at its default. */
export function optionsOf({ percentile, exact, exactUpTo, limit }: AggregateConfig): AggregateOptions {
  return {
    percentile: percentile ?? 95,
    exact: exact ?? false,
    exactUpTo: exactUpTo ?? 1000,
    limit: limit ?? 100,
  }
}
