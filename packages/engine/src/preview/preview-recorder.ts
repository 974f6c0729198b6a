import type { Row } from '@millrace/expr'
import type { DeadLetter, StreamRecord } from '../record.ts'
import type { Probe } from '../stage/stage-output.ts'

/** A row as the preview shows it. */
export interface PreviewRow {
  readonly row: Row
  readonly time: number
  /** Where it came from, so that a row can be found again behind the node; null for rows made of several. */
  readonly origin: { readonly topic: string; readonly partition: number; readonly offset: number } | null
  /** Made only because the sample ended: the window is still open in the live stream. */
  readonly open: boolean
}

/** A row that went no further, and why. */
export interface DroppedRow extends PreviewRow {
  readonly cause: string
}

/** What one node did with the sample. Row lists are bounded; the counts are not. */
export interface NodePreview {
  readonly in: PreviewRow[]
  /** By output port index. */
  readonly out: PreviewRow[][]
  readonly dropped: DroppedRow[]
  readonly late: PreviewRow[]
  readonly errors: DeadLetter[]
  readonly counts: { in: number; out: number; dropped: number; late: number; errors: number }
}

/** Rows kept per list: what the editor can show. */
export const PREVIEW_ROWS = 1000

/** Writes down what every node does. */
export class PreviewRecorder implements Probe {
  readonly nodes = new Map<string, NodePreview>()
  #open = false

  /** From now on rows are made only because the sample has ended. */
  sampleEnded(): void {
    this.#open = true
  }

  into(nodeId: string, record: StreamRecord): void {
    const node = this.#node(nodeId)
    node.counts.in++
    keep(node.in, () => this.#row(record))
  }

  out(nodeId: string, port: number, record: StreamRecord): void {
    const node = this.#node(nodeId)
    node.counts.out++
    while (node.out.length <= port) node.out.push([])
    keep(node.out[port] as PreviewRow[], () => this.#row(record))
  }

  dropped(nodeId: string, record: StreamRecord, cause: string): void {
    const node = this.#node(nodeId)
    node.counts.dropped++
    keep(node.dropped, () => ({ ...this.#row(record), cause }))
  }

  late(nodeId: string, record: StreamRecord): void {
    const node = this.#node(nodeId)
    node.counts.late++
    keep(node.late, () => this.#row(record))
  }

  /** Takes a record that a node could not handle. */
  failed(letter: DeadLetter): void {
    const node = this.#node(letter.nodeId)
    node.counts.errors++
    keep(node.errors, () => letter)
  }

  /** Mentions a node, so that it is known to have run. */
  mention(nodeId: string): void {
    this.#node(nodeId)
  }

  #node(nodeId: string): NodePreview {
    let node = this.nodes.get(nodeId)
    if (node === undefined) {
      node = {
        in: [],
        out: [],
        dropped: [],
        late: [],
        errors: [],
        counts: { in: 0, out: 0, dropped: 0, late: 0, errors: 0 },
      }
      this.nodes.set(nodeId, node)
    }
    return node
  }

  #row({ row, time, origin }: StreamRecord): PreviewRow {
    const place = origin && { topic: origin.topic, partition: origin.partition, offset: origin.offset }
    return { row, time, origin: place, open: this.#open }
  }
}

function keep<T>(list: T[], make: () => T): void {
  if (list.length < PREVIEW_ROWS) list.push(make())
}
