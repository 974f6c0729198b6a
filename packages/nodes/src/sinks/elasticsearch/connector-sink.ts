import type { DeliveryOutcome, SinkConnector, VersionedDocument } from '@millrace/engine'
import { counted } from '@millrace/graph'
import type { ElasticsearchPort } from '../../elasticsearch-port.ts'
import type { ElasticsearchConfig } from './definition.ts'
import { isExpired } from './index-name.ts'

/** How often a task looks for indices whose retention is over. */
const DROP_INTERVAL_MS = 3_600_000

type SinkSettings = Pick<ElasticsearchConfig, 'alias' | 'retentionDays' | 'bulkDocuments'>

/**
 * Delivers the documents of one sink node. A document for a day before the retention is refused, so that it does not
 * create an index anew that was dropped.
 *
 * @param now the wall clock, epoch ms
 */
export function createElasticsearchSink(
  port: ElasticsearchPort,
  settings: SinkSettings,
  now: () => number,
): SinkConnector {
  return new ElasticsearchSink(port, settings, now)
}

class ElasticsearchSink implements SinkConnector {
  readonly batchSize: number
  readonly #port: ElasticsearchPort
  readonly #settings: SinkSettings
  readonly #now: () => number
  #droppedAt = Number.NEGATIVE_INFINITY

  constructor(port: ElasticsearchPort, settings: SinkSettings, now: () => number) {
    this.batchSize = settings.bulkDocuments
    this.#port = port
    this.#settings = settings
    this.#now = now
  }

  async deliver(documents: readonly VersionedDocument[]): Promise<readonly DeliveryOutcome[]> {
    const now = this.#now()
    await this.#dropExpired(now)
    const isLate = ({ target }: VersionedDocument) =>
      isExpired(this.#settings.alias, target, this.#settings.retentionDays, now)
    const delivered = (await this.#port.deliver(documents.filter((document) => !isLate(document)))).values()
    return documents.map((document) =>
      isLate(document) ? this.#tooOld() : (delivered.next().value as DeliveryOutcome),
    )
  }

  close(): Promise<void> {
    return this.#port.close()
  }

  #tooOld(): DeliveryOutcome {
    const reason = `Documents are kept for ${counted(this.#settings.retentionDays ?? 0, 'day')}; this one is older.`
    return { kind: 'reject', code: 'document_too_old', reason }
  }

  /** What cannot be dropped now is dropped an hour later: no document waits for that. */
  async #dropExpired(now: number): Promise<void> {
    if (this.#settings.retentionDays === null || now - this.#droppedAt < DROP_INTERVAL_MS) return
    this.#droppedAt = now
    await this.#port.dropExpired(this.#settings, now).catch(() => undefined)
  }
}
