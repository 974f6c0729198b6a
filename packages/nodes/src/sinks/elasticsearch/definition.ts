import { defineNode } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { hint } from '../../config/hint.ts'
import { choiceSetting, closed, connectionSetting } from '../../config/settings.ts'
import { checkElasticsearch } from './check-config.ts'
import { documentFieldList } from './list-help.ts'
import { MAPPING_TYPES, type MappingName } from './mapping.ts'

const mappingTitles = Object.fromEntries(
  Object.entries(MAPPING_TYPES).map(([name, { title }]) => [name, title]),
) as Record<MappingName, string>

const documentField = Type.Object(
  {
    field: Type.String({
      title: 'Field',
      description: 'A field of the events.',
      default: '',
      maxLength: 200,
      ...hint('field', { port: 'in' }),
    }),
    as: Type.Optional(
      Type.String({
        title: 'As',
        description: 'Its name in the documents; empty keeps the name.',
        default: '',
        maxLength: 200,
        ...hint('text'),
      }),
    ),
    type: choiceSetting(
      { title: 'Type', description: 'How Elasticsearch indexes the values.', default: 'keyword' },
      mappingTitles,
    ),
  },
  closed,
)

function count(
  text: { title: string; description: string },
  initial: number,
  [minimum, maximum]: [number, number],
) {
  return Type.Integer({ ...text, default: initial, minimum, maximum, ...hint('number', { advanced: true }) })
}

function optionalField(title: string, description: string, placeholder: string) {
  return Type.Union([Type.String({ maxLength: 200 }), Type.Null()], {
    title,
    description,
    default: null,
    ...hint('field', { port: 'in', placeholder }),
  })
}

const config = Type.Object(
  {
    connection: connectionSetting('elasticsearch', 'The Elasticsearch cluster to write to.'),
    alias: Type.String({
      title: 'Alias',
      description: 'Documents are read under this name; index names begin with it.',
      default: '',
      maxLength: 200,
      ...hint('text', { placeholder: 'orders' }),
    }),
    index: choiceSetting(
      {
        title: 'Indices',
        description: 'One index for all documents, or one per day (UTC).',
        default: 'single',
      },
      { single: 'One index', daily: 'One per day' },
    ),
    dateField: optionalField(
      'Day of',
      'Which time decides on the day. It must not differ between events with one document id.',
      'Event time',
    ),
    id: Type.String({
      title: 'Document id',
      description:
        'Text with fields in braces, such as {orderId} or {region}-{window_start}. Equal ids overwrite.',
      default: '',
      maxLength: 1000,
      ...hint('template', { port: 'in', placeholder: '{orderId}' }),
    }),
    fields: Type.Array(documentField, {
      title: 'Fields',
      description: 'What the documents hold, and how each field is indexed.',
      default: [],
      maxItems: 500,
      ...hint('list', { entry: 'Field', layout: 'rows', check: 'index' }),
    }),
    timeField: optionalField(
      'Time field',
      'The date by which "Look inside" orders and filters documents.',
      'None',
    ),
    refreshSeconds: Type.Integer({
      title: 'Searchable after',
      description: 'Seconds between refreshes: a document is found at most so long after it was written.',
      default: 1,
      minimum: 1,
      maximum: 60,
      ...hint('number'),
    }),
    bulkDocuments: count(
      { title: 'Documents per request', description: 'How many are sent at once when many wait.' },
      2_000,
      [1_000, 5_000],
    ),
    shards: count({ title: 'Shards', description: 'Primary shards of each new index.' }, 1, [1, 64]),
    replicas: count({ title: 'Replicas', description: 'Copies of each shard on other nodes.' }, 0, [0, 10]),
    retentionDays: Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()], {
      title: 'Keep for days',
      description: 'Daily indices are dropped after so many days. Events older than that go to dead letters.',
      default: null,
      ...hint('number', { advanced: true, placeholder: 'For ever' }),
    }),
  },
  closed,
)

/** Settings of an Elasticsearch sink. */
export type ElasticsearchConfig = Static<typeof config>

/** Writes events to Elasticsearch as documents. */
export const elasticsearch = defineNode<ElasticsearchConfig>({
  type: 'elasticsearch',
  version: 1,
  kind: 'sink',
  title: 'Elasticsearch',
  summary: 'Writes events to Elasticsearch as documents.',
  icon: 'index',
  config,
  defaults: {
    connection: '',
    alias: '',
    index: 'single',
    dateField: null,
    id: '',
    fields: [],
    timeField: null,
    refreshSeconds: 1,
    bulkDocuments: 2_000,
    shards: 1,
    replicas: 0,
    retentionDays: null,
  },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [],
  digest: ({ index, id }) => {
    const kind = index === 'daily' ? 'daily' : 'one index'
    return id === '' ? '' : `${kind}, id = ${id.replaceAll(/[{}]/g, '')}`
  },
  lists: { fields: documentFieldList },
  infer: (settings, { in: input }) => ({ outputs: {}, issues: checkElasticsearch(settings, input ?? null) }),
})
