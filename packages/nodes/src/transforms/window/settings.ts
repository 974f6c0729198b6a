import { type Static, Type } from 'typebox'
import { aggregatesSetting } from '../../aggregates/settings.ts'
import { hint } from '../../config/hint.ts'
import {
  choiceSetting,
  closed,
  durationSetting,
  fieldsSetting,
  optionalDurationSetting,
  YEAR,
} from '../../config/settings.ts'

type Kind = 'tumbling' | 'hopping' | 'cumulative' | 'session'

function isKind(...is: readonly Kind[]) {
  return { setting: 'kind', is }
}

const isFixed = { setting: 'length', is: ['fixed'] }
const isCalendar = { setting: 'length', is: ['day', 'week', 'month'] }
const isUpdating = { setting: 'output', is: ['updating'] }

/** Settings of a window; what has no meaning for its kind is kept and ignored. */
export const config = Type.Object(
  {
    kind: choiceSetting(
      {
        title: 'Window',
        description:
          'Tumbling windows follow one another; hopping ones overlap; cumulative ones begin together and grow; a session lasts as long as events come.',
        default: 'tumbling',
      },
      { tumbling: 'Tumbling', hopping: 'Hopping', cumulative: 'Cumulative', session: 'Session' },
    ),
    length: choiceSetting(
      {
        title: 'Length',
        description:
          'A fixed length, or days, weeks (from Monday) or months from midnight to midnight in a time zone.',
        default: 'fixed',
        showWhen: [[isKind('tumbling', 'cumulative')]],
      },
      { fixed: 'Fixed', day: 'Day', week: 'Week', month: 'Month' },
    ),
    size: durationSetting({
      title: 'Every',
      description: 'Length of a window. Windows are aligned to 1970-01-01T00:00:00Z.',
      default: 300_000,
      minimum: 1,
      maximum: YEAR,
      showWhen: [[isKind('hopping')], [isKind('tumbling', 'cumulative'), isFixed]],
    }),
    timeZone: Type.String({
      title: 'Time zone',
      description: 'Whose midnight it is, such as Europe/Berlin.',
      default: 'UTC',
      maxLength: 100,
      ...hint('text', { placeholder: 'UTC', showWhen: [[isKind('tumbling', 'cumulative'), isCalendar]] }),
    }),
    slide: durationSetting({
      title: 'Slide',
      description: 'From the beginning of one window to that of the next.',
      default: 60_000,
      minimum: 1,
      maximum: YEAR,
      showWhen: [[isKind('hopping')]],
    }),
    step: durationSetting({
      title: 'Step',
      description: 'By how much a window grows: there is a result for each step.',
      default: 60_000,
      minimum: 1,
      maximum: YEAR,
      showWhen: [[isKind('cumulative')]],
    }),
    gap: durationSetting({
      title: 'Gap',
      description: 'A session ends when its group has had no event for this long.',
      default: 1_800_000,
      minimum: 1,
      maximum: YEAR,
      showWhen: [[isKind('session')]],
    }),
    offset: durationSetting({
      title: 'Offset',
      description:
        'Moves the beginning of all windows, such as 30 min for windows from half hour to half hour.',
      default: 0,
      minimum: -YEAR,
      maximum: YEAR,
      advanced: true,
      showWhen: [[isKind('tumbling', 'hopping', 'cumulative')]],
    }),
    groupBy: fieldsSetting({
      title: 'Group by',
      description: 'One result per window and combination of these fields. Null is a value like any other.',
    }),
    aggregates: aggregatesSetting({
      title: 'Aggregates',
      description: 'What to compute per window and group.',
    }),
    allowedLateness: durationSetting({
      title: 'Wait for late events',
      description:
        'So long, in event time, late events are still counted: final results are held back for them, updating ones are corrected.',
      default: 0,
      minimum: 0,
      maximum: YEAR,
    }),
    output: choiceSetting(
      {
        title: 'Results',
        description:
          'Final results come once, when nothing can change any more. Updating ones come when the window ends, and again with every correction.',
        default: 'final',
      },
      { final: 'Final', updating: 'Updating' },
    ),
    earlyUpdates: optionalDurationSetting({
      title: 'Early updates every',
      description: 'Sends what there is of a window before it ends, as often as this.',
      default: null,
      minimum: 1,
      maximum: YEAR,
      showWhen: [[isUpdating]],
    }),
    earlyClock: choiceSetting(
      {
        title: 'Early updates by',
        description:
          'Event time, which a replay repeats, or the wall clock, which also goes on while no events come.',
        default: 'event',
        advanced: true,
        showWhen: [[isUpdating]],
      },
      { event: 'Event time', processing: 'Wall clock' },
    ),
    fillGaps: Type.Boolean({
      title: 'Fill gaps',
      description:
        'Also sends windows without events (counts and sums 0, all else null) between two windows of a group.',
      default: false,
      ...hint('toggle', { advanced: true, showWhen: [[isKind('tumbling', 'hopping', 'cumulative')]] }),
    }),
  },
  closed,
)

/** Settings of a window. */
export type WindowConfig = Static<typeof config>
