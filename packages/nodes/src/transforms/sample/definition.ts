import { type ConfigIssue, defineNode, quote, type StreamSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { hint } from '../../config/hint.ts'
import { issue } from '../../config/issue.ts'
import { passOn } from '../../config/pass-on.ts'
import { choiceSetting, closed, fieldsSetting } from '../../config/settings.ts'

const config = Type.Object(
  {
    by: choiceSetting(
      {
        title: 'Take',
        description: 'Some of the events, or all events of some keys, such as of some users.',
        default: 'events',
      },
      { events: 'A share of the events', keys: 'All events of a share of keys' },
    ),
    percent: Type.Number({
      title: 'Share in percent',
      description: 'How many of the events, or of the keys, are taken.',
      default: 10,
      minimum: 0.0001,
      maximum: 100,
      ...hint('number'),
    }),
    key: {
      ...fieldsSetting({
        title: 'Key',
        description:
          'Fields without parts. Events that are equal in them are taken together, or none of them.',
      }),
      ...hint('fields', { port: 'in', showWhen: [[{ setting: 'by', is: ['keys'] }]] }),
    },
    seed: Type.Integer({
      title: 'Seed',
      description: 'Another number takes other events, or other keys.',
      default: 0,
      minimum: 0,
      maximum: 0xffffffff,
      ...hint('number', { advanced: true }),
    }),
  },
  closed,
)

/** Settings of a sample. */
export type SampleConfig = Static<typeof config>

/** Takes a share of the events, or all events of a share of keys: the same ones each time. */
export const sample = defineNode<SampleConfig>({
  type: 'sample',
  version: 1,
  kind: 'transform',
  title: 'Sample',
  summary: 'Takes a share of the events, or all events of a share of keys.',
  icon: 'sample',
  config,
  defaults: { by: 'events', percent: 10, key: [], seed: 0 },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Taken events' }],
  digest: ({ by, percent, key }) => (by === 'events' ? `${percent} %` : `${percent} % of ${key.join(', ')}`),
  infer: (settings, { in: input }) => ({
    outputs: passOn(input),
    issues: checkSettings(settings, input ?? null),
  }),
})

function checkSettings(settings: SampleConfig, input: StreamSchema | null): readonly ConfigIssue[] {
  const { by, key } = settings
  if (by === 'keys' && key.length === 0) {
    return [issue('fields_missing', ['key'], 'Name the fields of the key.')]
  }
  if (input === null) return []
  const wrong = by === 'keys' ? checkFields(key, input.fields, KEY_USE, 'key') : []
  return wrong.length > 0 ? wrong : checkUpdates(settings, input)
}

/** All records of a row must have one fate, so only what no update changes may decide it. */
function checkUpdates({ by, key }: SampleConfig, { updates }: StreamSchema): readonly ConfigIssue[] {
  if (updates === undefined) return []
  const list = updates.key.map(quote).join(', ')
  if (by === 'events') {
    const message = `The rows that flow in are corrected later, and each correction is an event of its own: take all events of a share of keys, of ${list}.`
    const fix = { label: 'Take a share of keys', path: ['by'], value: 'keys' }
    return [issue('sample_splits_updates', ['by'], message, { fix })]
  }
  return key.flatMap((name, i) => {
    if (updates.key.includes(name)) return []
    const message = `A correction may change ${quote(name)}, and leave a row behind: only ${list} can be the key here.`
    return [issue('sample_splits_updates', ['key', String(i)], message)]
  })
}
