import { type Static, Type } from 'typebox'
import { choiceSetting, closed, durationSetting, fieldsSetting, YEAR } from '../../config/settings.ts'

/** Settings of a dedupe. */
export const config = Type.Object(
  {
    key: fieldsSetting({
      title: 'Same event if equal in',
      description: 'Fields that name an event. Null is a value like any other.',
    }),
    keep: choiceSetting(
      {
        title: 'Keep',
        description:
          'The first of equal events, or the last: then each one that is kept corrects the one before.',
        default: 'first',
      },
      { first: 'The first', last: 'The last' },
    ),
    order: choiceSetting(
      {
        title: 'First or last by',
        description: 'Arrival, or event time: the first by event time waits until no earlier event can come.',
        default: 'arrival',
      },
      { arrival: 'Arrival', event: 'Event time' },
    ),
    ttl: durationSetting({
      title: 'Remember for',
      description:
        'In event time, from the event that was kept. An equal event after that counts as a new one.',
      default: 3_600_000,
      minimum: 1,
      maximum: YEAR,
    }),
  },
  closed,
)

/** Settings of a dedupe. */
export type DedupeConfig = Static<typeof config>

/** Which of equal events is kept. */
export type Choice = `${DedupeConfig['keep']} by ${DedupeConfig['order']}`

/** Which of equal events is kept. */
export function choiceOf({ keep, order }: DedupeConfig): Choice {
  return `${keep} by ${order}`
}
