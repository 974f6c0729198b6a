import { type Static, Type } from 'typebox'
import { aggregatesSetting } from '../../aggregates/settings.ts'
import { hint } from '../../config/hint.ts'
import { choiceSetting, closed, durationSetting, fieldsSetting, YEAR } from '../../config/settings.ts'

const isTime = [{ setting: 'over', is: ['time'] }]
const isCount = [{ setting: 'over', is: ['count'] }]

/** Settings of running aggregates. */
export const config = Type.Object(
  {
    groupBy: fieldsSetting({
      title: 'Group by',
      description: 'Events of the same values belong together. Null is a value like any other.',
    }),
    over: choiceSetting(
      {
        title: 'Over',
        description: 'The last events of the group by time, or by number.',
        default: 'time',
      },
      { time: 'A span of time', count: 'A number of events' },
    ),
    span: durationSetting({
      title: 'Span',
      description: 'So far back from the event, in event time; an event exactly so far back does not count.',
      default: 86_400_000,
      minimum: 1,
      maximum: YEAR,
      showWhen: [isTime],
    }),
    events: Type.Integer({
      title: 'Events',
      description: 'So many events of the group count.',
      default: 10,
      minimum: 1,
      maximum: 10_000,
      ...hint('number', { showWhen: [isCount] }),
    }),
    current: Type.Boolean({
      title: 'Include the event itself',
      description:
        'Without it the aggregates tell only of the events before, so that it can be compared with them.',
      default: true,
      ...hint('toggle'),
    }),
    aggregates: aggregatesSetting({
      title: 'Aggregates',
      description: 'What to compute for each event.',
    }),
    order: choiceSetting(
      {
        title: 'Events in order of',
        description:
          'Arrival: each event goes on at once, with what is known then. Event time: it waits until no earlier one can come.',
        default: 'arrival',
      },
      { arrival: 'Arrival', event: 'Event time' },
    ),
    ttl: durationSetting({
      title: 'Forget after',
      description:
        'So long, in event time, an event counts: from the newest event of the group when it came.',
      default: 604_800_000,
      minimum: 1,
      maximum: YEAR,
      showWhen: [isCount],
    }),
  },
  closed,
)

/** Settings of running aggregates; what has no meaning for what they go over is kept and ignored. */
export type RunningConfig = Static<typeof config>
