import type { Lineage } from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'
import type { PreviewAnswer, PreviewRequest, PreviewSamples } from './protocol.ts'

/** The part of a Web Worker that the preview uses. */
export interface PreviewWorker {
  postMessage(request: PreviewRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<PreviewAnswer>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

/** What the page hears of the worker. */
export interface PreviewListener {
  answered(answer: PreviewAnswer): void
  /** A run took too long; its worker was killed and a new one stands ready. */
  overran(): void
  /** The worker could not be started or broke. */
  broke(message: string): void
}

/** A run may take this long, ms. */
export const RUN_LIMIT = 5_000

/**
 * The page's side of the preview: one run at a time, and of the edits that arrive meanwhile only the newest. A run over
 * the limit is ended by killing the worker.
 */
export class PreviewClient {
  readonly #createWorker: () => PreviewWorker
  readonly #listener: PreviewListener
  #worker: PreviewWorker | null = null
  #samples: PreviewSamples | null = null
  #running: number | null = null
  #next: PipelineGraph | null = null
  #lastId = 0
  #deadline: ReturnType<typeof setTimeout> | undefined

  constructor(createWorker: () => PreviewWorker, listener: PreviewListener) {
    this.#createWorker = createWorker
    this.#listener = listener
  }

  /** Gives the worker the records that the next runs are over. */
  load(samples: PreviewSamples): void {
    this.#samples = samples
    // A new worker is given them when it is made.
    if (this.#worker === null) this.#ready()
    else this.#worker.postMessage({ kind: 'load', ...samples })
  }

  /** Runs a graph; while another run goes on, afterwards. */
  run(graph: PipelineGraph): void {
    if (this.#running !== null) {
      this.#next = graph
      return
    }
    this.#lastId++
    this.#running = this.#lastId
    this.#ready().postMessage({ kind: 'run', id: this.#lastId, graph })
    this.#deadline = setTimeout(() => this.#overran(), RUN_LIMIT)
  }

  /** Asks for the rows of a node in the last run. */
  askRows(nodeId: string): void {
    this.#ready().postMessage({ kind: 'rows', nodeId })
  }

  /** Asks where events of the sample went in the last run. */
  follow(events: Lineage): void {
    this.#ready().postMessage({ kind: 'follow', events })
  }

  dispose(): void {
    clearTimeout(this.#deadline)
    this.#worker?.terminate()
    this.#worker = null
  }

  #ready(): PreviewWorker {
    if (this.#worker !== null) return this.#worker
    const worker = this.#createWorker()
    worker.onmessage = ({ data }) => this.#answered(data)
    worker.onerror = (event) => this.#broke(event.message)
    this.#worker = worker
    if (this.#samples !== null) worker.postMessage({ kind: 'load', ...this.#samples })
    return worker
  }

  #answered(answer: PreviewAnswer): void {
    const ends = answer.kind === 'ran' || answer.kind === 'failed'
    if (ends) {
      if (answer.id !== this.#running) return
      this.#ended()
    }
    this.#listener.answered(answer)
    if (ends) this.#runNext()
  }

  #overran(): void {
    this.dispose()
    this.#ended()
    this.#listener.overran()
    this.#runNext()
  }

  #broke(message: string): void {
    this.dispose()
    this.#ended()
    this.#listener.broke(message)
  }

  #ended(): void {
    clearTimeout(this.#deadline)
    this.#running = null
  }

  #runNext(): void {
    const next = this.#next
    this.#next = null
    if (next !== null) this.run(next)
  }
}
