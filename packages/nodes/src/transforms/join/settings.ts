import { type Static, Type } from 'typebox'
import { hint } from '../../config/hint.ts'
import { choiceSetting, closed, conditionSetting, durationSetting, YEAR } from '../../config/settings.ts'
import { fieldChoiceSetting, prefixSetting, takenFieldsSetting } from '../../pairs/settings.ts'

const pair = Type.Object(
  {
    left: Type.String({
      title: 'Left field',
      description: 'A field of the left events.',
      default: '',
      maxLength: 200,
      ...hint('field', { port: 'left' }),
    }),
    right: Type.String({
      title: 'Right field',
      description: 'The field of the right events that must be equal.',
      default: '',
      maxLength: 200,
      ...hint('field', { port: 'right' }),
    }),
  },
  closed,
)

/** Settings of a join. */
export const config = Type.Object(
  {
    kind: choiceSetting(
      {
        title: 'Keep',
        description:
          'Pairs only, or also the events that have no partner: once, when it is certain that none can come.',
        default: 'inner',
      },
      {
        inner: 'Pairs only (inner)',
        left: 'All left events (left)',
        right: 'All right events (right)',
        full: 'All events (full)',
      },
    ),
    on: Type.Array(pair, {
      title: 'Equal fields',
      description: 'Two events are a pair if they are equal in these. A null equals nothing.',
      default: [],
      maxItems: 20,
      ...hint('list', { entry: 'Pair' }),
    }),
    lower: durationSetting({
      title: 'Right event from',
      description: 'How long after the left event its partner comes at the earliest; negative: before it.',
      default: 0,
      minimum: -YEAR,
      maximum: YEAR,
    }),
    upper: durationSetting({
      title: 'Right event to',
      description: 'How long after the left event its partner comes at the latest, this time included.',
      default: 3_600_000,
      minimum: -YEAR,
      maximum: YEAR,
    }),
    condition: conditionSetting(
      {
        title: 'And only if',
        description: 'A condition over both events, such as left.total > right.total; empty for none.',
      },
      { rows: { left: 'left', right: 'right' } },
    ),
    fields: fieldChoiceSetting(),
    leftFields: takenFieldsSetting('Left fields', 'left'),
    rightFields: takenFieldsSetting('Right fields', 'right'),
    leftPrefix: prefixSetting('Prefix of left fields', 'left_'),
    rightPrefix: prefixSetting('Prefix of right fields', 'right_'),
  },
  closed,
)

/** Settings of a join. */
export type JoinConfig = Static<typeof config>
