import { type Static, Type } from 'typebox'
import { hint } from '../../config/hint.ts'
import { choiceSetting, closed, durationSetting, fieldsSetting, YEAR } from '../../config/settings.ts'

/** One field by which rows are ordered. */
const order = Type.Object(
  {
    field: Type.String({
      title: 'Field',
      description: 'A number, text or time.',
      default: '',
      maxLength: 200,
      ...hint('field', { port: 'in' }),
    }),
    direction: choiceSetting(
      {
        title: 'Direction',
        description: 'Whether the largest or the smallest comes first.',
        default: 'desc',
      },
      { desc: 'Largest first', asc: 'Smallest first' },
    ),
    nulls: choiceSetting(
      {
        title: 'Nulls',
        description: 'Where rows stand that have no value.',
        default: 'last',
        advanced: true,
      },
      { first: 'First', last: 'Last' },
    ),
  },
  closed,
)

/** Settings of a top-N. */
export const config = Type.Object(
  {
    per: choiceSetting(
      {
        title: 'Rank',
        description:
          'The rows of each window, once it is over; or all rows of the stream, with updates whenever the list changes.',
        default: 'window',
      },
      { window: 'Each window', stream: 'The whole stream' },
    ),
    n: Type.Integer({
      title: 'Rows',
      description: 'So many rows are in a list.',
      default: 10,
      minimum: 1,
      maximum: 1000,
      ...hint('number'),
    }),
    orderBy: Type.Array(order, {
      title: 'Order by',
      description: 'What comes first; the second field decides among equals of the first, and so on.',
      default: [],
      maxItems: 20,
      ...hint('list', { entry: 'Order' }),
    }),
    partitionBy: fieldsSetting({
      title: 'A list for each',
      description: 'Fields of which each combination has a list of its own. Null is a value like any other.',
    }),
    rank: Type.String({
      title: 'Rank as',
      description: 'Name of a field for the rank, from 1 on; empty for none.',
      default: 'rank',
      maxLength: 200,
      ...hint('text'),
    }),
    ttl: durationSetting({
      title: 'Forget after',
      description: 'In event time: what is older is taken off the lists.',
      default: 86_400_000,
      minimum: 1,
      maximum: YEAR,
      showWhen: [[{ setting: 'per', is: ['stream'] }]],
    }),
  },
  closed,
)

/** Settings of a top-N; what has no meaning for what is ranked is kept and ignored. */
export type TopNConfig = Static<typeof config>
