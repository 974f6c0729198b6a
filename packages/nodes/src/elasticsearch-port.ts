import type { DeliveryOutcome, VersionedDocument } from '@millrace/engine'
import type { IndexKind } from './sinks/elasticsearch/index-name.ts'
import type { Mapping } from './sinks/elasticsearch/mapping.ts'

/** What the indices of a sink look like. */
export interface IndexDesign {
  /** Documents are read through it; index names begin with it. */
  readonly alias: string
  readonly kind: IndexKind
  /** Mapping of each field; others are refused. */
  readonly properties: Mapping
  readonly refreshSeconds: number
  readonly shards: number
  readonly replicas: number
  /** Daily indices are dropped after so many days; null: never. */
  readonly retentionDays: number | null
  /** Documents are deleted too. */
  readonly deletes: boolean
}

/** What the indices behind an alias hold already. */
export interface ExistingFields {
  readonly indices: readonly string[]
  /** Top-level fields by name with the mapping types that they have in one index or another. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** The alias is the name of an index that Millrace did not make. */
  readonly isIndex: boolean
}

/** Which documents to find. */
export interface DocumentSearch {
  /** Words and `field:value` terms; empty: everything. */
  readonly query: string
  /** A date field of the documents: bounds and order; null where there is none. */
  readonly timeField: string | null
  /** Inclusive, epoch ms. */
  readonly from?: number
  readonly to?: number
  /** 1 to 100. */
  readonly size: number
}

/** What was found, newest first. */
export interface FoundDocuments {
  readonly total: number
  /** True where there are more than `total` says. */
  readonly more: boolean
  readonly tookMs: number
  readonly documents: readonly FoundDocument[]
}

/** One document as it is stored. */
export interface FoundDocument {
  readonly index: string
  readonly id: string
  /** JSON text; whole numbers have all their digits. */
  readonly source: string
}

/** An Elasticsearch cluster as Millrace uses it. All calls are bounded in time and throw `PortError`. */
export interface ElasticsearchPort {
  /** Asks the cluster for its version. */
  check(): Promise<{ readonly version: string }>
  /**
   * Writes the index template, and brings indices that exist up to it.
   *
   * @throws PortError `mapping_conflict` where an index that exists has another mapping, `alias_taken` where the alias
   *   is the name of an index
   */
  ensureTemplate(design: IndexDesign): Promise<void>
  /** How the indices of a sink that exist hold their fields; none where there are no indices yet. */
  existingFields(alias: string): Promise<ExistingFields>
  /** Creates an index from its template; does nothing where it exists. */
  ensureIndex(index: string): Promise<void>
  /**
   * Writes documents, creating indices that are missing from their template first. Gives one outcome per document, in
   * order, and throws for none of them.
   */
  deliver(documents: readonly VersionedDocument[]): Promise<readonly DeliveryOutcome[]>
  /** Finds documents behind an alias. */
  search(alias: string, search: DocumentSearch): Promise<FoundDocuments>
  /** Drops the daily indices of a sink whose retention is over; `now` is epoch ms. Returns their names. */
  dropExpired(design: Pick<IndexDesign, 'alias' | 'retentionDays'>, now: number): Promise<readonly string[]>
  close(): Promise<void>
}
