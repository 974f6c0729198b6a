import { type Static, Type } from 'typebox'
import {
  choiceSetting,
  closed,
  conditionSetting,
  durationSetting,
  fieldsSetting,
  YEAR,
} from '../../config/settings.ts'
import { fieldChoiceSetting, prefixSetting, takenFieldsSetting } from '../../pairs/settings.ts'

const isFollowed = { setting: 'kind', is: ['followed'] }
const isAll = { setting: 'fields', is: ['all'] }
const isChosen = { setting: 'fields', is: ['chosen'] }

/** Settings of a pattern. */
export const config = Type.Object(
  {
    kind: choiceSetting(
      {
        title: 'Find',
        description: 'Events that are followed by another one in time, or those that are not.',
        default: 'followed',
      },
      { followed: 'First, then second (A then B)', absent: 'First without second (A without B)' },
    ),
    key: fieldsSetting({
      title: 'Of the same',
      description:
        'Fields in which both events are equal. Null is a value like any other. None: all events are one sequence.',
    }),
    first: conditionSetting({
      title: 'First event',
      description: "Which events begin a match, such as kind = 'order'.",
    }),
    second: conditionSetting({
      title: 'Second event',
      description: "Which events may follow, such as kind = 'payment'.",
    }),
    condition: conditionSetting(
      {
        title: 'And only if',
        description: 'A condition over both events, such as b.total >= a.total; empty for none.',
      },
      { rows: { a: 'in', b: 'in' } },
    ),
    within: durationSetting({
      title: 'Within',
      description: 'In event time, from the first event; an event exactly so much later still counts.',
      default: 3_600_000,
      minimum: 1,
      maximum: YEAR,
    }),
    overlap: choiceSetting(
      {
        title: 'Further first events',
        description: 'What becomes of a first event that comes while another one waits for its second.',
        default: 'each',
      },
      {
        each: 'Each waits for itself',
        ignore: 'Ignored while one waits',
        replace: 'Takes the place of the one before',
      },
    ),
    fields: fieldChoiceSetting(),
    aFields: takenFieldsSetting('Fields of the first', 'in'),
    bFields: takenFieldsSetting('Fields of the second', 'in', [[isChosen, isFollowed]]),
    aPrefix: prefixSetting('Prefix of the first', 'a_', [[isAll, isFollowed]]),
    bPrefix: prefixSetting('Prefix of the second', 'b_', [[isAll, isFollowed]]),
  },
  closed,
)

/** Settings of a pattern. */
export type PatternConfig = Static<typeof config>
