import { defineNode } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { checkFields, KEY_USE } from '../../config/check-fields.ts'
import { checkTopic } from '../../config/check-topic.ts'
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
        'Fields that make the record key: events that agree in them keep their order. None: no key.',
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
  inputs: [{ name: 'in', label: 'Events' }],
  outputs: [],
  digest: ({ topic, key }) => (key.length > 0 && topic !== '' ? `${topic}, key: ${key.join(', ')}` : topic),
  infer: (settings, { in: input }) => ({
    outputs: {},
    issues: [
      ...checkTopic(settings, true),
      ...(input ? checkFields(settings.key, input.fields, KEY_USE, 'key') : []),
    ],
  }),
})
