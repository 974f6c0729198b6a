import type { Client } from '@elastic/elasticsearch'
import type { DeliveryOutcome, VersionedDocument } from '@millrace/engine'
import type { PortError } from '../../port-error.ts'
import { statusOf, toPortError } from './connector-errors.ts'
import { type BulkItem, classifyItem, type ItemOutcome } from './connector-outcomes.ts'

/** Characters of documents in one request: what Elasticsearch recommends, with room for itself. */
const MAX_REQUEST_CHARACTERS = 8_000_000

const TIMEOUT_MS = 30_000
const ITEM_FIELDS = ['items.*.status', 'items.*.error']

/** A document with what became of it. */
interface Delivery {
  readonly document: VersionedDocument
  outcome: ItemOutcome
}

/** Writes documents with their versions; one outcome each, in order. Never throws. */
export async function deliverBulk(
  client: Client,
  documents: readonly VersionedDocument[],
): Promise<readonly DeliveryOutcome[]> {
  const deliveries = documents.map((document): Delivery => ({ document, outcome: WAITING }))
  for (const request of requests(deliveries)) await send(client, request)
  const conflicts = deliveries.filter(({ outcome }) => outcome.kind === 'conflict')
  const stored = await lookUpVersions(client, conflicts)
  return deliveries.map((delivery) => settle(delivery, stored))
}

const WAITING: ItemOutcome = { kind: 'retry', reason: 'the document was not sent' }

function* requests(deliveries: readonly Delivery[]): Generator<readonly Delivery[]> {
  let start = 0
  let characters = 0
  for (const [i, { document }] of deliveries.entries()) {
    const size = document.body?.length ?? 0
    if (characters + size > MAX_REQUEST_CHARACTERS && i > start) {
      yield deliveries.slice(start, i)
      start = i
      characters = 0
    }
    characters += size
  }
  if (start < deliveries.length) yield deliveries.slice(start)
}

/** A request that is refused as a whole because of one document is cut in halves, until that one stands alone. */
async function send(client: Client, deliveries: readonly Delivery[]): Promise<void> {
  try {
    const items = await write(client, deliveries)
    deliveries.forEach((delivery, i) => {
      const item = items[i]
      if (item) delivery.outcome = classifyItem(item, delivery.document.op)
    })
  } catch (error) {
    const status = statusOf(error)
    if ((status === 413 || status === 400) && deliveries.length > 1) {
      const half = deliveries.length >> 1
      await send(client, deliveries.slice(0, half))
      await send(client, deliveries.slice(half))
      return
    }
    const outcome = outcomeOfError(toPortError(error), status)
    for (const delivery of deliveries) delivery.outcome = outcome
  }
}

async function write(client: Client, deliveries: readonly Delivery[]): Promise<readonly BulkItem[]> {
  const lines = deliveries.flatMap(({ document }) => linesOf(document))
  const { items } = await client.bulk(
    // Lines that are text already go out as they are: versions and int64 fields keep all their digits.
    { operations: lines as never, refresh: false, filter_path: ITEM_FIELDS },
    { requestTimeout: TIMEOUT_MS },
  )
  return items.map((item) => Object.values(item)[0] as BulkItem)
}

/** JSON has no line breaks of its own, so a document cannot end its line. */
function linesOf({ op, target, id, body, version }: VersionedDocument): string[] {
  const place = `"_index":${JSON.stringify(target)},"_id":${JSON.stringify(id)}`
  const action = `{"${op}":{${place},"version":${version},"version_type":"external"}}`
  return body === null ? [action] : [action, body]
}

/** The outcome for every document of a request that failed as a whole. */
function outcomeOfError({ code, retry, message }: PortError, status: number | null): ItemOutcome {
  if (retry !== 'never') return { kind: 'retry', reason: message }
  if (status === 413) return { kind: 'reject', code: 'document_too_large', reason: message }
  if (status === 400) return { kind: 'reject', code: 'document_refused', reason: message }
  return { kind: 'refused', code, reason: message }
}

function placeOf({ target, id }: VersionedDocument): string {
  return JSON.stringify([target, id])
}

/**
 * The stored versions of documents in conflict, by place. Missing is what cannot be read, and what was deleted: of that
 * nothing but its version is left, which only the refusal tells.
 */
async function lookUpVersions(
  client: Client,
  conflicts: readonly Delivery[],
): Promise<ReadonlyMap<string, bigint>> {
  if (conflicts.length === 0) return new Map()
  try {
    const docs = conflicts.map(({ document }) => ({ _index: document.target, _id: document.id }))
    const { docs: found } = await client.mget({ docs, _source: false }, { requestTimeout: TIMEOUT_MS })
    return new Map(
      found.flatMap((entry, i) => {
        const { document } = conflicts[i] as Delivery
        const version = (entry as { _version?: number | bigint })._version
        return version === undefined ? [] : [[placeOf(document), BigInt(version)] as const]
      }),
    )
  } catch {
    return new Map()
  }
}

function settle({ document, outcome }: Delivery, stored: ReadonlyMap<string, bigint>): DeliveryOutcome {
  if (outcome.kind !== 'conflict') return outcome
  const version = stored.get(placeOf(document)) ?? outcome.told
  if (version !== null) return { kind: 'conflict', stored: version }
  return { kind: 'retry', reason: 'the stored version of the document could not be read' }
}
