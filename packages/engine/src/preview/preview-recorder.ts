import type { Row } from '@millrace/expr'
import type { Program, ProgramNode } from '../plan/program.ts'
import { isReferenceSource } from '../plan/reference-source.ts'
import { type DeadLetter, EARLIEST_WATERMARK, NO_WATERMARK, type StreamRecord } from '../record.ts'
import type { Probe } from '../stage/stage-output.ts'
import type { Lineage } from './lineage.ts'
import type { LineageTrace } from './lineage-trace.ts'
import { previewRow, RowList } from './row-list.ts'

/** A row as the preview shows it. */
export interface PreviewRow {
  readonly row: Row
  readonly time: number
  /** Where it came from, so that a row can be found again behind the node; null for rows made of several. */
  readonly origin: { readonly topic: string; readonly partition: number; readonly offset: number } | null
  /** Made only because the sample ended: the window is still open in the live stream. */
  readonly open: boolean
  /** The events of the sample that had a part in it. */
  readonly events: Lineage
  /** In an updating stream, where the row stands for all records of its key: how often it was updated or deleted. */
  readonly updates?: number
  /** It was deleted in the end; the row is what it was. */
  readonly deleted?: true
}

/** A row that came when its window was final already, or its wait was over. */
export interface LateRow extends PreviewRow {
  /** The node's watermark when it came, epoch ms. */
  readonly watermark: number
}

/** A row that went no further, and why. */
export interface DroppedRow extends PreviewRow {
  readonly cause: string
  /** Index of the input port at which it came. */
  readonly input: number
}

/**
 * What one node did with the sample. Row lists are bounded; the counts, of records, are not. Of an updating stream a
 * list has one row for each key.
 */
export interface NodePreview {
  /** By input port index. */
  readonly in: readonly (readonly PreviewRow[])[]
  /** By output port index. */
  readonly out: readonly (readonly PreviewRow[])[]
  readonly dropped: readonly DroppedRow[]
  /** Rows of the late port. */
  readonly late: readonly LateRow[]
  readonly errors: readonly DeadLetter[]
  readonly counts: { in: number; out: number; dropped: number; late: number; errors: number }
  /** Of a node that goes by event time: its watermark when the sample ended, epoch ms; null where it has none. */
  readonly watermark: number | null
  /** Of a node that makes pairs: by input, how many rows are part of one; null of any other. */
  readonly paired: readonly number[] | null
}

/** Rows kept per list: what the editor can show. */
export const PREVIEW_ROWS = 1000

/** Writes down what every node of a program does. */
export class PreviewRecorder implements Probe {
  readonly #nodes: ReadonlyMap<string, NodeRecord>
  readonly #limit: number
  /** Follows the events of the sample. */
  readonly trace: LineageTrace
  #open = false

  constructor(program: Program, trace: LineageTrace, limit = PREVIEW_ROWS) {
    this.trace = trace
    this.#limit = limit
    this.#nodes = new Map(program.nodes.map((node) => [node.node.id, newRecord(node, limit)]))
  }

  /** What was written down until now, by node id. */
  get nodes(): ReadonlyMap<string, NodePreview> {
    const shown = [...this.#nodes].filter(([id]) => !isReferenceSource(id))
    return new Map(shown.map(([id, node]) => [id, previewOf(node, this.trace.paired(id))]))
  }

  /** Takes the watermarks at the end of the sample of a stage, by node id. */
  watermarksAre(watermarks: ReadonlyMap<string, number>): void {
    for (const [id, watermark] of watermarks) this.#node(id).watermark = watermark
  }

  /** From now on rows are made only because the sample has ended. */
  sampleEnded(): void {
    this.#open = true
  }

  into(nodeId: string, record: StreamRecord, input: number): void {
    const node = this.#node(nodeId)
    node.counts.in++
    node.in[input]?.take(record, this.#open, this.trace.of(record))
  }

  out(nodeId: string, port: number, record: StreamRecord): void {
    const node = this.#node(nodeId)
    node.counts.out++
    node.out[port]?.take(record, this.#open, this.trace.of(record))
  }

  dropped(nodeId: string, record: StreamRecord, cause: string, input: number): void {
    const node = this.#node(nodeId)
    node.counts.dropped++
    this.#keep(node.dropped, () => ({ ...this.#row(record), cause, input }))
  }

  late(nodeId: string, record: StreamRecord, watermark: number): void {
    const node = this.#node(nodeId)
    node.counts.late++
    this.#keep(node.late, () => ({ ...this.#row(record), watermark }))
  }

  /** Takes a record that a node could not handle. */
  failed(letter: DeadLetter): void {
    const node = this.#node(letter.nodeId)
    node.counts.errors++
    this.#keep(node.errors, () => letter)
  }

  #keep<T>(list: T[], make: () => T): void {
    if (list.length < this.#limit) list.push(make())
  }

  #row(record: StreamRecord): PreviewRow {
    return previewRow(record, this.#open, this.trace.of(record))
  }

  #node(nodeId: string): NodeRecord {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) throw new Error(`the preview has no node ${nodeId}`)
    return node
  }
}

interface NodeRecord {
  /** By input index, and by output port index. */
  readonly in: readonly RowList[]
  readonly out: readonly RowList[]
  readonly dropped: DroppedRow[]
  readonly late: LateRow[]
  readonly errors: DeadLetter[]
  readonly counts: NodePreview['counts']
  watermark: number
}

function newRecord({ inputs, outputs }: ProgramNode, limit: number): NodeRecord {
  return {
    in: inputs.map((schema) => new RowList(schema, limit)),
    out: outputs.map((schema) => new RowList(schema, limit)),
    dropped: [],
    late: [],
    errors: [],
    counts: { in: 0, out: 0, dropped: 0, late: 0, errors: 0 },
    watermark: NO_WATERMARK,
  }
}

function previewOf(
  { in: inputs, out, watermark, ...rest }: NodeRecord,
  paired: NodePreview['paired'],
): NodePreview {
  return {
    ...rest,
    in: inputs.map(({ rows }) => rows),
    out: out.map(({ rows }) => rows),
    watermark: watermark <= EARLIEST_WATERMARK ? null : watermark,
    paired: paired && inputs.map((_, input) => paired[input] ?? 0),
  }
}
