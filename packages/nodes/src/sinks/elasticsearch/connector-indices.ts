import type { Client } from '@elastic/elasticsearch'
import type { ExistingFields, IndexDesign } from '../../elasticsearch-port.ts'
import { PortError } from '../../port-error.ts'
import { reasonOf, statusOf, typeOf } from './connector-errors.ts'
import { isExpired, isIndexOf, singleIndex } from './index-name.ts'

/** Above those that Elasticsearch brings along. Of two templates that fit, that of the longer alias must win. */
const BASE_PRIORITY = 500

const DELETE_AT_ONCE = 20

/** Writes the template of a sink's indices, and brings those that exist up to it. */
export async function ensureTemplate(client: Client, design: IndexDesign): Promise<void> {
  const { alias } = design
  await refuseIndexNamedAs(client, alias)
  await client.indices.putIndexTemplate({
    name: `millrace-${alias}`,
    index_patterns: [design.kind === 'daily' ? `${alias}-*` : singleIndex(alias)],
    priority: BASE_PRIORITY + alias.length,
    template: { settings: settingsOf(design), mappings: mappingOf(design), aliases: { [alias]: {} } },
    _meta: { description: 'Written by Millrace when a pipeline is published.' },
  })
  await updateIndices(client, design)
}

function settingsOf(design: IndexDesign) {
  return { index: { ...changeableSettings(design), number_of_shards: design.shards } }
}

/** Settings of indices that exist, too. The version of a deleted document must outlive a delivery that is late. */
function changeableSettings({ refreshSeconds, replicas, deletes }: IndexDesign) {
  return {
    refresh_interval: `${refreshSeconds}s` as const,
    number_of_replicas: replicas,
    ...(deletes && { gc_deletes: '1h' as const }),
  }
}

function mappingOf({ properties }: IndexDesign) {
  return { dynamic: 'strict', properties: properties as never } as const
}

async function refuseIndexNamedAs(client: Client, alias: string): Promise<void> {
  const found = await existing(() => client.indices.get({ index: alias, filter_path: ['*.aliases'] }))
  if (!Object.hasOwn(found, alias)) return
  const message = `"${alias}" is the name of an index already: choose another alias, or delete that index.`
  throw new PortError('alias_taken', { domain: 'user', retry: 'never' }, message)
}

/** Fields can be added to indices that exist; one that has another type there is a conflict. */
async function updateIndices(client: Client, design: IndexDesign): Promise<void> {
  const { alias } = design
  const names = await listIndices(client, alias)
  if (names.length === 0) return
  await client.indices.updateAliases({ actions: names.map((index) => ({ add: { index, alias } })) })
  try {
    await client.indices.putMapping({ index: alias, ...mappingOf(design) })
  } catch (error) {
    throw statusOf(error) === 400 ? mappingConflict(alias, error) : error
  }
  await client.indices.putSettings({ index: alias, settings: { index: changeableSettings(design) } })
}

function mappingConflict(alias: string, error: unknown): PortError {
  const message = `Indices behind "${alias}" hold a field in another way, which cannot be changed. Choose another alias. (${reasonOf(error)})`
  return new PortError('mapping_conflict', { domain: 'user', retry: 'never' }, message)
}

/** How the indices of a sink that exist hold their fields. */
export async function existingFields(client: Client, alias: string): Promise<ExistingFields> {
  const named = await existing(() => client.indices.get({ index: alias, filter_path: ['*.aliases'] }))
  const found = (await existing(() => client.indices.getMapping({ index: `${alias}-*` }))) as {
    readonly [index: string]: { readonly mappings?: { readonly properties?: object } }
  }
  const indices = Object.keys(found).filter((index) => isIndexOf(alias, index))
  const types = new Map<string, Set<string>>()
  for (const index of indices) {
    for (const [name, mapping] of Object.entries(found[index]?.mappings?.properties ?? {})) {
      // An object has no type of its own in a mapping.
      const { type = 'object' } = mapping as { readonly type?: string }
      types.set(name, (types.get(name) ?? new Set()).add(type))
    }
  }
  const fields = new Map([...types].map(([name, own]) => [name, [...own].sort()]))
  return { indices: indices.sort(), fields, isIndex: Object.hasOwn(named, alias) }
}

/** Creates an index from its template, unless it exists. */
export async function ensureIndex(client: Client, index: string): Promise<void> {
  try {
    await client.indices.create({ index })
  } catch (error) {
    if (typeOf(error) !== 'resource_already_exists_exception') throw error
  }
}

/** Drops the daily indices whose retention is over; returns their names. */
export async function dropExpired(
  client: Client,
  { alias, retentionDays }: Pick<IndexDesign, 'alias' | 'retentionDays'>,
  now: number,
): Promise<readonly string[]> {
  if (retentionDays === null) return []
  const expired = (await listIndices(client, alias)).filter((index) =>
    isExpired(alias, index, retentionDays, now),
  )
  for (let i = 0; i < expired.length; i += DELETE_AT_ONCE) {
    await client.indices.delete({ index: expired.slice(i, i + DELETE_AT_ONCE), ignore_unavailable: true })
  }
  return expired
}

/** The indices that a sink with this alias writes, and no others. */
async function listIndices(client: Client, alias: string): Promise<string[]> {
  const found = await existing(() => client.indices.get({ index: `${alias}-*`, filter_path: ['*.aliases'] }))
  return Object.keys(found).filter((index) => isIndexOf(alias, index))
}

async function existing(get: () => Promise<object>): Promise<object> {
  try {
    return await get()
  } catch (error) {
    if (statusOf(error) === 404) return {}
    throw error
  }
}
