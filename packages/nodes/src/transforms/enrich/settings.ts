import { type Static, Type } from 'typebox'
import { hint } from '../../config/hint.ts'
import {
  choiceSetting,
  closed,
  connectionSetting,
  durationSetting,
  optionalDurationSetting,
  schemaSetting,
  topicSetting,
  YEAR,
} from '../../config/settings.ts'
import { TABLE_LIMITS } from './csv/csv-table.ts'

const isTopic = { setting: 'reference', is: ['topic', 'versions'] }
const isVersions = { setting: 'reference', is: ['versions'] }
const isTable = { setting: 'reference', is: ['table'] }
const inEventTime = { setting: 'timing', is: ['event-time'] }

const addition = Type.Object(
  {
    field: Type.String({
      title: 'Reference field',
      description: 'A field of the reference data.',
      default: '',
      maxLength: 200,
      ...hint('text'),
    }),
    as: Type.String({
      title: 'As',
      description: 'Its name in the events; empty keeps the name.',
      default: '',
      maxLength: 200,
      ...hint('text'),
    }),
  },
  closed,
)

const furtherKey = Type.Object(
  {
    key: Type.String({
      title: 'Look up by',
      description: 'A field of the event.',
      default: '',
      maxLength: 1000,
      ...hint('field', { port: 'in' }),
    }),
    keyField: Type.String({
      title: 'Reference key',
      description: 'The column that it must be equal to.',
      default: '',
      maxLength: 200,
      ...hint('text'),
    }),
  },
  closed,
)

/** Settings of an enrich; what has no meaning for its kind of reference is kept and ignored. */
export const config = Type.Object(
  {
    reference: choiceSetting(
      {
        title: 'Reference data',
        description:
          'A topic that every task holds in memory; a topic of any size, kept by key with its older versions; or a table of fixed values that stands here in the settings.',
        default: 'topic',
      },
      { topic: 'Topic', versions: 'Versions', table: 'CSV table' },
    ),
    connection: connectionSetting('kafka', 'The Kafka cluster that holds the reference data.', {
      showWhen: [[isTopic]],
    }),
    topic: topicSetting('A topic with one record per reference row, such as a compacted one.', {
      showWhen: [[isTopic]],
    }),
    table: Type.String({
      title: 'Table',
      description:
        'Comma-separated values. The first line has the names of the columns. At most 20,000 rows and 1 MB.',
      default: '',
      maxLength: TABLE_LIMITS.characters,
      ...hint('csv', { placeholder: 'country,region\nDE,EU\nUS,NA', showWhen: [[isTable]] }),
    }),
    separator: choiceSetting(
      {
        title: 'Cells are separated by',
        description: 'The character between two cells of the table.',
        default: 'comma',
        advanced: true,
        showWhen: [[isTable]],
      },
      { comma: 'Comma', semicolon: 'Semicolon', tab: 'Tab' },
    ),
    columns: schemaSetting(
      {
        title: 'Column types',
        description:
          'Columns with their types. Without any, all columns are taken and their types told from the cells.',
      },
      { sample: false, showWhen: [[isTable]] },
    ),
    fields: schemaSetting(
      { title: 'Reference fields', description: 'Members of the JSON object that describes one row.' },
      { showWhen: [[isTopic]] },
    ),
    keyField: Type.String({
      title: 'Reference key',
      description: 'The field that names a row. In a topic, its text is also the key of the record.',
      default: '',
      maxLength: 200,
      ...hint('text'),
    }),
    key: Type.String({
      title: 'Look up by',
      description:
        'The field of the event to look up. Through an array, as in items.sku, it looks up each element.',
      default: '',
      maxLength: 1000,
      ...hint('field', { port: 'in' }),
    }),
    furtherKeys: Type.Array(furtherKey, {
      title: 'And by',
      description: 'Further fields that name a row together with the first.',
      default: [],
      maxItems: 9,
      ...hint('list', { entry: 'Further field', showWhen: [[isTable]] }),
    }),
    versionTime: Type.String({
      title: 'Holds from',
      description:
        'The reference field that says from when on a version holds. Empty: from the timestamp of its record.',
      default: '',
      maxLength: 200,
      ...hint('text', { placeholder: 'timestamp of the record', showWhen: [[isVersions]] }),
    }),
    timing: choiceSetting(
      {
        title: 'Look up',
        description:
          'At once, over the versions that are known; or in event time: an event waits until all versions up to its time are known.',
        default: 'at-once',
        showWhen: [[isVersions]],
      },
      { 'at-once': 'At once', 'event-time': 'In event time' },
    ),
    beforeFirst: Type.Boolean({
      title: 'First version holds before, too',
      description:
        'An event older than the first version that is known gets that one. Right for compacted topics, which forget older versions.',
      default: true,
      ...hint('toggle', { showWhen: [[isVersions]] }),
    }),
    outOfOrderness: durationSetting({
      title: 'Versions out of order by',
      description: 'By how much, at most, a version is older than one that was written before it.',
      default: 0,
      minimum: 0,
      maximum: YEAR,
      advanced: true,
      showWhen: [[isVersions, inEventTime]],
    }),
    idleTimeout: optionalDurationSetting({
      title: 'Versions are complete after',
      description:
        'When the reference topic has been silent for so long, events no longer wait for it. Off: they always wait.',
      default: 250,
      minimum: 1,
      maximum: YEAR,
      advanced: true,
      showWhen: [[isVersions, inEventTime]],
    }),
    add: Type.Array(addition, {
      title: 'Add',
      description: 'What the events get from the row. Looked up through an array, each is an array too.',
      default: [],
      maxItems: 100,
      ...hint('list', { entry: 'Added field' }),
    }),
    miss: choiceSetting(
      {
        title: 'Where there is no such row',
        description: 'What happens to an event of which any look-up finds nothing.',
        default: 'keep',
      },
      { keep: 'Keep the event with nulls', drop: 'Drop the event', 'dead-letter': 'Send it to dead letters' },
    ),
  },
  closed,
)

/** Settings of an enrich. */
export type EnrichConfig = Static<typeof config>

/** Those of a fresh one. */
export const DEFAULTS: EnrichConfig = {
  reference: 'topic',
  connection: '',
  topic: '',
  table: '',
  separator: 'comma',
  columns: [],
  fields: [],
  keyField: '',
  key: '',
  furtherKeys: [],
  versionTime: '',
  timing: 'at-once',
  beforeFirst: true,
  outOfOrderness: 0,
  idleTimeout: 250,
  add: [],
  miss: 'keep',
}
