import { type ArrayType, arrayOf, type DataType, type Field, formatType, withNullable } from '@millrace/expr'
import { type ConfigIssue, defineNode, type StreamSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { ANY_USE, checkField, unknownField } from '../../config/check-fields.ts'
import { checkSchema, duplicateField, readSchema } from '../../config/check-schema.ts'
import { checkTopic } from '../../config/check-topic.ts'
import { hint } from '../../config/hint.ts'
import { issue } from '../../config/issue.ts'
import { passOn } from '../../config/pass-on.ts'
import {
  choiceSetting,
  closed,
  connectionSetting,
  schemaSetting,
  topicSetting,
} from '../../config/settings.ts'
import { isLookupType, type KeyPath, LOOKUP_USE, resolveKeyPath } from './key-path.ts'

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

const config = Type.Object(
  {
    connection: connectionSetting('kafka', 'The Kafka cluster that holds the reference data.'),
    topic: topicSetting('A topic with one record per reference row, such as a compacted one.'),
    fields: schemaSetting({
      title: 'Reference fields',
      description: 'Members of the JSON object that describes one row.',
    }),
    keyField: Type.String({
      title: 'Reference key',
      description: 'The field that names a row. Its text is also the key of the record.',
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
    add: Type.Array(addition, {
      title: 'Add',
      description: 'What the events get from the row. Looked up through an array, each is an array too.',
      default: [],
      maxItems: 100,
      ...hint('list'),
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

/** Adds fields of a reference topic. */
export const enrich = defineNode<EnrichConfig>({
  type: 'enrich',
  version: 1,
  kind: 'transform',
  title: 'Enrich',
  summary: 'Adds fields from reference data in a topic.',
  icon: 'enrich',
  config,
  defaults: { connection: '', topic: '', fields: [], keyField: '', key: '', add: [], miss: 'keep' },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Enriched events' }],
  digest: ({ topic, key }) => (topic === '' || key === '' ? '' : `${topic} by ${key}`),
  infer: (settings, { in: input }) => {
    const issues = [...checkReference(settings), ...checkLookup(settings, input ?? null)]
    return { outputs: passOn(input && outputOf(settings, input)), issues }
  },
})

function checkReference(settings: EnrichConfig): readonly ConfigIssue[] {
  const { fields, issues } = checkSchema(settings.fields, 'fields')
  if (settings.fields.length === 0) return [...checkTopic(settings, false), ...issues]
  const key = checkField(settings.keyField, fields, LOOKUP_USE, ['keyField'])
  const added = settings.add.flatMap(
    ({ field }, i) => checkField(field, fields, ANY_USE, ['add', String(i), 'field']) ?? [],
  )
  const nothing =
    settings.add.length === 0 ? [issue('fields_missing', ['add'], 'Choose the fields to add.')] : []
  return [...checkTopic(settings, false), ...issues, ...(key ? [key] : []), ...added, ...nothing]
}

function checkLookup(settings: EnrichConfig, input: StreamSchema | null): readonly ConfigIssue[] {
  if (settings.key === '') return [issue('field_missing', ['key'], 'Choose the field to look up.')]
  if (input === null) return []
  return [
    ...checkKey(settings, input.fields),
    ...checkNewNames(settings, input.fields),
    ...checkMiss(settings, input),
  ]
}

function checkKey(settings: EnrichConfig, fields: readonly Field[]): readonly ConfigIssue[] {
  const path = resolveKeyPath(settings.key, fields)
  if (path === null) return [unknownField(settings.key, fields, ['key'])]
  const name = `"${settings.key}" of type ${formatType(path.type)}`
  if (!isLookupType(path.type)) return [issue('field_type', ['key'], `${name} ${LOOKUP_USE.refusal}.`)]
  const reference = readSchema(settings.fields).find((field) => field.name === settings.keyField)
  if (reference === undefined || reference.type.kind === path.type.kind) return []
  const other = `"${reference.name}" of type ${formatType(reference.type)}`
  return [issue('field_type', ['key'], `${name} cannot be looked up by ${other}: the types differ.`)]
}

function checkNewNames({ add }: EnrichConfig, fields: readonly Field[]): readonly ConfigIssue[] {
  const taken = new Set(fields.map(({ name }) => name))
  return add.flatMap((added, i) => {
    const name = newName(added)
    const isTaken = name !== '' && taken.has(name)
    taken.add(name)
    return isTaken ? [duplicateField(name, ['add', String(i), 'as'])] : []
  })
}

/** A row that found its reference once and misses it after a correction would be left behind as it was. */
function checkMiss({ miss }: EnrichConfig, { updates }: StreamSchema): readonly ConfigIssue[] {
  if (updates === undefined || miss === 'keep') return []
  const message =
    'The rows that flow in are corrected later, and each correction must go on: keep the event with nulls.'
  return [
    issue('miss_loses_updates', ['miss'], message, {
      fix: { label: 'Keep the event with nulls', path: ['miss'], value: 'keep' },
    }),
  ]
}

function newName({ field, as }: EnrichConfig['add'][number]): string {
  return as === '' ? field : as
}

/** Without the key's path the events go on as they are: what hangs on added fields is then reported there. */
function outputOf(settings: EnrichConfig, input: StreamSchema): StreamSchema {
  const path = resolveKeyPath(settings.key, input.fields)
  if (path === null) return input
  const reference = readSchema(settings.fields)
  const added = settings.add.flatMap((addition): Field[] => {
    const type = reference.find(({ name }) => name === addition.field)?.type
    return type ? [{ name: newName(addition), type: addedType(type, path, settings.miss) }] : []
  })
  const { updates } = input
  // What a row was before cannot be told: the reference row may have changed since.
  return {
    ...input,
    fields: [...input.fields, ...added],
    ...(updates && { updates: { ...updates, before: false } }),
  }
}

function addedType(type: DataType, { array }: KeyPath, miss: EnrichConfig['miss']): DataType | ArrayType {
  const found = miss === 'keep' ? withNullable(type, true) : type
  return array === null ? found : arrayOf(found, miss === 'keep')
}
