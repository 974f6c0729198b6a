import type { Client } from '@elastic/elasticsearch'
import type { DocumentSearch, FoundDocuments } from '../../elasticsearch-port.ts'
import { PortError } from '../../port-error.ts'
import { reasonOf, statusOf } from './connector-errors.ts'
import { exactText } from './connector-exact-json.ts'

const TIMEOUT_MS = 10_000
const SHARD_TIMEOUT = '5s'
const COUNT_UP_TO = 10_000
const MAX_SIZE = 100
const MAX_QUERY = 500

const NOTHING: FoundDocuments = { total: 0, more: false, tookMs: 0, documents: [] }

/** Finds documents behind an alias, newest first. An alias without index has none. */
export async function searchDocuments(
  client: Client,
  alias: string,
  search: DocumentSearch,
): Promise<FoundDocuments> {
  try {
    const { hits, took } = await client.search(requestOf(alias, search), { requestTimeout: TIMEOUT_MS })
    const total = typeof hits.total === 'object' ? hits.total : { value: hits.total ?? 0, relation: 'eq' }
    return {
      total: total.value,
      more: total.relation !== 'eq',
      tookMs: took,
      documents: hits.hits.map(({ _index, _id = '', _source }) => ({
        index: _index,
        id: _id,
        source: exactText(_source),
      })),
    }
  } catch (error) {
    const status = statusOf(error)
    if (status === 404) return NOTHING
    throw status === 400 ? invalidQuery(error) : error
  }
}

function requestOf(alias: string, { query, timeField, from, to, size }: DocumentSearch) {
  const range = { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lte: to }) }
  const isBounded = timeField !== null && Object.keys(range).length > 0
  return {
    index: alias,
    size: Math.min(Math.max(size, 1), MAX_SIZE),
    track_total_hits: COUNT_UP_TO,
    timeout: SHARD_TIMEOUT,
    query: {
      bool: {
        must: [queryOf(query)],
        filter: isBounded ? [{ range: { [timeField]: { ...range, format: 'epoch_millis' } } }] : [],
      },
    },
    sort:
      timeField === null
        ? [{ _seq_no: 'desc' as const }]
        : [{ [timeField]: { order: 'desc' as const, unmapped_type: 'date' as const } }],
  }
}

/** A search of words, terms and ranges: what could be slow without bound is taken literally or refused. */
function queryOf(query: string) {
  const text = query.trim().slice(0, MAX_QUERY)
  if (text === '') return { match_all: {} }
  return {
    query_string: {
      query: escapeRegexMarks(text),
      lenient: true,
      default_operator: 'and' as const,
      allow_leading_wildcard: false,
      analyze_wildcard: false,
      fuzzy_max_expansions: 50,
      max_determinized_states: 1_000,
    },
  }
}

/** Between slashes stands a regular expression: a slash is taken as the character that it is. */
function escapeRegexMarks(text: string): string {
  return text.replaceAll(/\\.|\//gs, (part) => (part === '/' ? '\\/' : part))
}

function invalidQuery(error: unknown): PortError {
  return new PortError('invalid_query', { domain: 'user', retry: 'never' }, `${reasonOf(error)}.`)
}
