import { type ConfigIssue, defineNode, quote, type StreamSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { checkTopic } from '../../config/check-topic.ts'
import { issue } from '../../config/issue.ts'
import { closed, connectionSetting, fieldsSetting, topicSetting } from '../../config/settings.ts'

const config = Type.Object(
  {
    connection: connectionSetting(
      'kafka',
      'The Kafka cluster to write to. The pipeline runs on the same one.',
    ),
    topic: topicSetting('The topic to write. It is created at publish if it does not exist.'),
    key: fieldsSetting({
      title: 'Record key',
      description:
        'Fields that make the record key: events that agree in them keep their order. None: no key; of rows that are corrected later, the fields that name a row.',
    }),
  },
  closed,
)

/** Settings of a Kafka sink. */
export type KafkaSinkConfig = Static<typeof config>

/** Writes events to a topic as JSON. */
export const kafkaSink = defineNode<KafkaSinkConfig>({
  type: 'kafka-sink',
  version: 1,
  kind: 'sink',
  title: 'Kafka',
  summary: 'Writes events to a topic as JSON.',
  icon: 'topic',
  config,
  defaults: { connection: '', topic: '', key: [] },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [],
  digest: ({ topic, key }) => (key.length > 0 && topic !== '' ? `${topic}, key: ${key.join(', ')}` : topic),
  infer: (settings, { in: input }) => ({
    outputs: {},
    issues: [...checkTopic(settings, true), ...(input ? checkKey(settings, input) : [])],
  }),
})

/** Of an updating stream the record key must be what names a row: then the last record of a key is what holds. */
function checkKey({ key }: KafkaSinkConfig, { fields, updates }: StreamSchema): readonly ConfigIssue[] {
  const wrong = checkFields(key, fields, KEY_USE, 'key')
  if (wrong.length > 0 || updates === undefined || key.length === 0) return wrong
  if (updates.key.length === key.length && key.every((name) => updates.key.includes(name))) return []
  const names = updates.key.map(quote).join(', ')
  const message = `These rows are corrected later, so the record key must be what names a row: ${names}.`
  const fix = { label: `Use ${names}`, path: ['key'], value: [...updates.key] }
  return [issue('update_key_unused', ['key'], message, { fix })]
}
