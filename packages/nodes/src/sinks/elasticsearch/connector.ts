import { Client, type ClientOptions } from '@elastic/elasticsearch'
import type { DeliveryOutcome, VersionedDocument } from '@millrace/engine'
import type { ConnectionValues } from '../../connection-values.ts'
import type {
  DocumentSearch,
  ElasticsearchPort,
  ExistingFields,
  FoundDocuments,
  IndexDesign,
} from '../../elasticsearch-port.ts'
import { deliverBulk } from './connector-bulk.ts'
import { toPortError } from './connector-errors.ts'
import { ExactSerializer } from './connector-exact-json.ts'
import { dropExpired, ensureIndex, ensureTemplate, existingFields } from './connector-indices.ts'
import { searchDocuments } from './connector-search.ts'

const TIMEOUT_MS = 30_000

/**
 * Opens an Elasticsearch cluster. Nothing is connected before the first call.
 *
 * @param settings `node` (its URL), `username`
 * @param secrets `apiKey`, or the `password` of the user
 */
export function createElasticsearchPort(
  settings: ConnectionValues,
  secrets: ConnectionValues,
): ElasticsearchPort {
  return new ClientPort(new Client(clientOptions(settings, secrets)))
}

function clientOptions(
  { node = '', username }: ConnectionValues,
  { apiKey, password = '' }: ConnectionValues,
): ClientOptions {
  return {
    node,
    ...(apiKey ? { auth: { apiKey } } : username && { auth: { username, password } }),
    // Who retries, and when, is decided once: by the delivery task.
    maxRetries: 0,
    requestTimeout: TIMEOUT_MS,
    Serializer: ExactSerializer,
    enableMetaHeader: false,
  }
}

class ClientPort implements ElasticsearchPort {
  readonly #client: Client
  /** Indices that were there when they were last needed. */
  readonly #indices = new Set<string>()

  constructor(client: Client) {
    this.#client = client
  }

  check(): Promise<{ readonly version: string }> {
    return told(async () => {
      const { nodes } = await this.#client.nodes.info({ filter_path: ['nodes.*.version'] })
      return { version: Object.values(nodes)[0]?.version ?? 'unknown' }
    })
  }

  ensureTemplate(design: IndexDesign): Promise<void> {
    return told(() => ensureTemplate(this.#client, design))
  }

  existingFields(alias: string): Promise<ExistingFields> {
    return told(() => existingFields(this.#client, alias))
  }

  ensureIndex(index: string): Promise<void> {
    return told(async () => {
      if (this.#indices.has(index)) return
      await ensureIndex(this.#client, index)
      this.#indices.add(index)
    })
  }

  async deliver(documents: readonly VersionedDocument[]): Promise<readonly DeliveryOutcome[]> {
    const blocked = await this.#blockedTargets(documents)
    const free = documents.filter(({ target }) => !blocked.has(target))
    const outcomes = (await deliverBulk(this.#client, free)).values()
    return documents.map(({ target }) => {
      const outcome = blocked.get(target) ?? (outcomes.next().value as DeliveryOutcome)
      // The index may be gone: it is looked for again before the next attempt.
      if (outcome.kind === 'retry') this.#indices.delete(target)
      return outcome
    })
  }

  search(alias: string, search: DocumentSearch): Promise<FoundDocuments> {
    return told(() => searchDocuments(this.#client, alias, search))
  }

  dropExpired(design: Pick<IndexDesign, 'alias' | 'retentionDays'>, now: number): Promise<readonly string[]> {
    return told(async () => {
      const dropped = await dropExpired(this.#client, design, now)
      for (const index of dropped) this.#indices.delete(index)
      return dropped
    })
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  /** Indices that cannot be created, with what that means for their documents. */
  async #blockedTargets(
    documents: readonly VersionedDocument[],
  ): Promise<ReadonlyMap<string, DeliveryOutcome>> {
    const blocked = new Map<string, DeliveryOutcome>()
    for (const target of new Set(documents.map((document) => document.target))) {
      try {
        await this.ensureIndex(target)
      } catch (error) {
        blocked.set(target, blockOf(error))
      }
    }
    return blocked
  }
}

/** An index that cannot be created keeps its documents waiting, or stops the sink: none of them is at fault. */
function blockOf(error: unknown): DeliveryOutcome {
  const { code, retry, message } = toPortError(error)
  return retry === 'never' ? { kind: 'refused', code, reason: message } : { kind: 'retry', reason: message }
}

async function told<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    throw toPortError(error)
  }
}
