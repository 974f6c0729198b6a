import { withNullable } from '@millrace/expr'
import { type ConfigIssue, defineNode, type StreamSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { checkField, checkFields, KEY_USE, TIME_USE } from '../../config/check-fields.ts'
import { type CheckedSchema, checkSchema } from '../../config/check-schema.ts'
import { checkTopic } from '../../config/check-topic.ts'
import { hint } from '../../config/hint.ts'
import {
  choiceSetting,
  closed,
  connectionSetting,
  durationSetting,
  fieldsSetting,
  optionalDurationSetting,
  schemaSetting,
  topicSetting,
  YEAR,
} from '../../config/settings.ts'

const config = Type.Object(
  {
    connection: connectionSetting('kafka', 'The Kafka cluster to read from.'),
    topic: topicSetting('The topic to read.', {
      fills: { fields: 'fields', eventTime: 'eventTime', outOfOrderness: 'outOfOrderness' },
    }),
    format: Type.Literal('json', {
      title: 'Format',
      description: 'How values are written: JSON objects in UTF-8.',
      default: 'json',
      ...hint('choice', { advanced: true }),
    }),
    fields: schemaSetting({
      title: 'Fields',
      description:
        'Members of the JSON object that the pipeline uses. Members that are not named are ignored.',
    }),
    eventTime: Type.Union([Type.String({ maxLength: 200 }), Type.Null()], {
      title: 'Event time',
      description: 'The field that says when the event happened; none: the timestamp of the Kafka record.',
      default: null,
      ...hint('field', { port: 'out', placeholder: 'Record timestamp' }),
    }),
    outOfOrderness: durationSetting({
      title: 'Out of order by up to',
      description: 'How far an event may be behind a newer one of its partition without being late.',
      default: 5_000,
      minimum: 0,
      maximum: YEAR,
    }),
    idleTimeout: optionalDurationSetting({
      title: 'Idle after',
      description: 'A partition without events for this long holds nobody back. Never: it always does.',
      default: 30_000,
      minimum: 1,
      maximum: YEAR,
      advanced: true,
    }),
    maxAhead: optionalDurationSetting({
      title: 'Ahead of the clock by up to',
      description: 'Events further in the future go to dead letters, so that they close no window early.',
      default: 300_000,
      minimum: 0,
      maximum: YEAR,
      advanced: true,
    }),
    maxDrift: Type.Optional(
      optionalDurationSetting({
        title: 'Ahead of the slowest by up to',
        description:
          'A partition further ahead of the slowest one of the pipeline waits, so that a backlog fills no state.',
        default: null,
        minimum: 1_000,
        maximum: YEAR,
        advanced: true,
      }),
    ),
    unreadable: Type.Optional(
      choiceSetting(
        {
          title: 'What cannot be read',
          description:
            'What becomes of an event that is not as the fields say, or that has no good event time.',
          default: 'dead-letter',
          advanced: true,
        },
        { 'dead-letter': 'Goes to dead letters', stop: 'Stops the pipeline' },
      ),
    ),
    keyedBy: {
      ...fieldsSetting({
        title: 'Topic is keyed by',
        description: 'Fields that the record key was made of: grouping by them needs no repartition.',
      }),
      ...hint('fields', { port: 'out', advanced: true }),
    },
  },
  closed,
)

/** Settings of a Kafka source. */
export type KafkaSourceConfig = Static<typeof config>

/** Reads JSON events from a topic. */
export const kafkaSource = defineNode<KafkaSourceConfig>({
  type: 'kafka',
  version: 1,
  kind: 'source',
  title: 'Kafka',
  summary: 'Reads JSON events from a topic.',
  icon: 'topic',
  config,
  defaults: {
    connection: '',
    topic: '',
    format: 'json',
    fields: [],
    eventTime: null,
    outOfOrderness: 5_000,
    idleTimeout: 30_000,
    maxAhead: 300_000,
    maxDrift: null,
    unreadable: 'dead-letter',
    keyedBy: [],
  },
  inputs: [],
  outputs: [{ name: 'out', label: 'Events' }],
  digest: ({ topic, keyedBy }) => (keyedBy.length > 0 ? `${topic} keyed by ${keyedBy.join(', ')}` : topic),
  infer: (settings) => {
    const schema = checkSchema(settings.fields, 'fields')
    const issues = [...checkTopic(settings, false), ...schema.issues, ...checkUses(settings, schema)]
    return { outputs: { out: streamOf(settings, schema) }, issues }
  },
})

function checkUses(
  { eventTime, keyedBy }: KafkaSourceConfig,
  { fields }: CheckedSchema,
): readonly ConfigIssue[] {
  const time = eventTime === null ? null : checkField(eventTime, fields, TIME_USE, ['eventTime'])
  return [...(time === null ? [] : [time]), ...checkFields(keyedBy, fields, KEY_USE, 'keyedBy')]
}

/** An event without event time is a dead letter, so behind the source the field is never null. */
function streamOf({ eventTime, keyedBy }: KafkaSourceConfig, { fields }: CheckedSchema): StreamSchema {
  return {
    fields: fields.map(({ name, type }) => ({
      name,
      type: name === eventTime ? withNullable(type, false) : type,
    })),
    partitionedBy: keyedBy.length > 0 ? keyedBy : null,
    eventTimeField: eventTime,
  }
}
