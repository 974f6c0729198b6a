import { defineNode } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { issue } from '../../config/issue.ts'
import { passOn } from '../../config/pass-on.ts'
import { closed, durationSetting, fieldsSetting, YEAR } from '../../config/settings.ts'
import { formatDuration } from '../../config/words.ts'

const config = Type.Object(
  {
    key: fieldsSetting({
      title: 'Same event if equal in',
      description: 'Fields that name an event. Null is a value like any other.',
    }),
    ttl: durationSetting({
      title: 'Remember for',
      description: 'In event time, from the first event. An equal event after that counts as a new one.',
      default: 3_600_000,
      minimum: 1,
      maximum: YEAR,
    }),
  },
  closed,
)

/** Settings of a dedupe. */
export type DedupeConfig = Static<typeof config>

/** Keeps the first of several equal events, by arrival. */
export const dedupe = defineNode<DedupeConfig>({
  type: 'dedupe',
  version: 1,
  kind: 'transform',
  title: 'Dedupe',
  summary: 'Keeps the first of several equal events.',
  icon: 'dedupe',
  config,
  defaults: { key: [], ttl: 3_600_000 },
  inputs: [
    { name: 'in', label: 'Events', updates: { refused: 'what was dropped as equal is not remembered' } },
  ],
  outputs: [{ name: 'out', label: 'First events' }],
  digest: ({ key, ttl }) => (key.length === 0 ? '' : `${key.join(', ')}, ${formatDuration(ttl)}`),
  infer: ({ key }, { in: input }) => {
    const outputs = passOn(input)
    if (key.length === 0) {
      return { outputs, issues: [issue('field_missing', ['key'], 'Choose the fields that name an event.')] }
    }
    return { outputs, issues: input ? checkFields(key, input.fields, KEY_USE, 'key') : [] }
  },
})
