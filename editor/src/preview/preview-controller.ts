import type { Lineage } from '@millrace/engine'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { t } from '../i18n/t.ts'
import { sameContent } from '../workspace/analysis.ts'
import type { DocumentStore } from '../workspace/document-store.ts'
import { onlySelected, type ViewStore } from '../workspace/view-store.ts'
import type { NodeTypes } from '../workspace/workspace.ts'
import type { PathStep } from './follow-events.ts'
import { PreviewClient, type PreviewWorker } from './preview-client.ts'
import type { NodeRows, PreviewAnswer, PreviewCounts } from './protocol.ts'
import { needKey, type SampleNeed, sampleNeeds } from './sample-needs.ts'
import { type Sample, takeSample } from './take-sample.ts'

/** Events of the sample that are followed through the pipeline. */
export interface Pin {
  readonly events: Lineage
  /** The node in whose table they were pinned. */
  readonly nodeId: string
  /** Their event time, epoch ms. */
  readonly time: number
}

/** What the preview shows. */
export interface PreviewState {
  readonly status: 'idle' | 'sampling' | 'running' | 'ready'
  readonly counts: PreviewCounts
  /** How long the last run took, ms. */
  readonly ms: number | null
  /** Why the last run gave nothing, in words. */
  readonly problem: string | null
  /** By node id. */
  readonly samples: ReadonlyMap<string, Sample>
  /** Of the node that is looked at. */
  readonly rows: NodeRows | null
  /** The last that the node that is looked at did with this sample: it stays while there is a mistake in the pipeline. */
  readonly lastRun: NodeRows | null
  /** What is followed; null: nothing. */
  readonly pin: Pin | null
  /** Where it went, in the order of the nodes; null until that is known. */
  readonly path: readonly PathStep[] | null
}

/** Runs the preview whenever the pipeline means something else. */
export interface PreviewController {
  readonly store: StoreApi<PreviewState>
  /** Starts to follow the document; ends with the returned function. */
  follow(): () => void
  /** Reads new samples from the topics. */
  resample(): void
  /** Follows events through the pipeline, also over edits; null: no longer. */
  follows(pin: Pin | null): void
  dispose(): void
}

/** What the controller needs. */
export interface PreviewControllerOptions {
  readonly document: DocumentStore
  readonly view: ViewStore
  readonly nodeTypes: NodeTypes
  readonly createWorker?: () => PreviewWorker
  readonly sample?: (need: SampleNeed, generatorStart: number) => Promise<Sample>
}

/** Edits are collected for this long before a run, ms: the result stands within 100 ms. */
const DEBOUNCE = 40
/** A topic is read only once its name rests for this long, ms: not at every letter. */
const SETTLE = 500
/** Generated events end about now. */
const GENERATED_SPAN = 600_000

/** Makes the preview of one open pipeline. */
export function createPreviewController(options: PreviewControllerOptions): PreviewController {
  return new Controller(options)
}

class Controller implements PreviewController {
  readonly store: StoreApi<PreviewState> = createStore<PreviewState>(() => ({
    status: 'idle',
    counts: new Map(),
    ms: null,
    problem: null,
    samples: new Map(),
    rows: null,
    lastRun: null,
    pin: null,
    path: null,
  }))
  readonly #options: PreviewControllerOptions
  readonly #client: PreviewClient
  readonly #taken = new Map<string, Promise<Sample>>()
  #generatorStart = Date.now() - GENERATED_SPAN
  #loaded: ReadonlyMap<string, Sample> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #round = 0

  constructor(options: PreviewControllerOptions) {
    this.#options = options
    this.#client = new PreviewClient(options.createWorker ?? createPreviewWorker, {
      answered: (answer) => this.#answered(answer),
      overran: () =>
        this.#gaveNothing(
          t(
            'The preview took longer than 5 seconds and was stopped. A smaller sample or a simpler expression helps.',
          ),
        ),
      broke: (message) => this.#gaveNothing(t('The preview broke: {message}', { message })),
    })
  }

  follow(): () => void {
    const { document, view } = this.#options
    this.#schedule(0, true)
    const stops = [
      document.subscribe(({ graph }, before) => {
        if (!sameContent(graph, before.graph)) this.#schedule(DEBOUNCE, false)
      }),
      view.subscribe((state, before) => {
        if (onlySelected(state) !== onlySelected(before)) this.#askRows()
      }),
    ]
    return () => {
      clearTimeout(this.#timer)
      for (const stop of stops) stop()
    }
  }

  resample(): void {
    this.#taken.clear()
    this.#generatorStart = Date.now() - GENERATED_SPAN
    this.#schedule(0, true)
  }

  follows(pin: Pin | null): void {
    this.store.setState({ pin, path: null })
    this.#askPath()
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#client.dispose()
  }

  #schedule(delay: number, mayRead: boolean): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#run(mayRead), delay)
  }

  async #run(mayRead: boolean): Promise<void> {
    this.#round++
    const round = this.#round
    const needs = sampleNeeds(this.#options.document.getState().graph, this.#options.nodeTypes)
    // A generator is no topic: its events are there at once.
    const isUnread = (need: SampleNeed) => need.kind !== 'generator' && !this.#taken.has(needKey(need))
    const hasUnread = needs.some(isUnread)
    if (hasUnread && mayRead) this.store.setState({ status: 'sampling' })
    const samples = await this.#takeSamples(mayRead ? needs : needs.filter((need) => !isUnread(need)))
    // A newer edit has begun a round of its own meanwhile.
    if (round !== this.#round) return
    if (this.#loaded === null || !sameSamples(this.#loaded, samples)) this.#load(samples)
    this.store.setState({ status: 'running', samples })
    this.#client.run(this.#options.document.getState().graph)
    if (hasUnread && !mayRead) this.#schedule(SETTLE, true)
  }

  async #takeSamples(needs: readonly SampleNeed[]): Promise<ReadonlyMap<string, Sample>> {
    const { sample = takeSample } = this.#options
    const taken = needs.map(async (need) => {
      const key = needKey(need)
      const found = this.#taken.get(key) ?? sample(need, this.#generatorStart)
      this.#taken.set(key, found)
      return [need.nodeId, await found] as const
    })
    return new Map(await Promise.all(taken))
  }

  #load(samples: ReadonlyMap<string, Sample>): void {
    // The events of another sample have other numbers.
    if (this.#loaded !== null) this.follows(null)
    this.store.setState({ lastRun: null })
    this.#loaded = samples
    const of = (isWanted: (need: SampleNeed) => boolean) =>
      new Map(
        [...samples].flatMap(([id, { need, records }]) => (isWanted(need) ? [[id, records] as const] : [])),
      )
    this.#client.load({
      samples: of(({ kind }) => kind !== 'reference'),
      references: of(({ kind }) => kind === 'reference'),
      generatorStart: this.#generatorStart,
    })
  }

  #answered(answer: PreviewAnswer): void {
    switch (answer.kind) {
      case 'ran':
        this.store.setState({ status: 'ready', counts: answer.counts, ms: answer.ms, problem: null })
        this.#askRows()
        this.#askPath()
        return
      case 'path':
        if (this.#isPinned(answer.events)) this.store.setState({ path: answer.steps })
        return
      case 'failed':
        this.#gaveNothing(t('The preview failed: {message}', { message: answer.message }))
        return
      case 'rows':
        this.#show(answer)
    }
  }

  #show(rows: NodeRows): void {
    if (rows.nodeId !== onlySelected(this.#options.view.getState())) return
    const { lastRun } = this.store.getState()
    const isOld = rows.preview === null && lastRun?.nodeId === rows.nodeId
    this.store.setState({ rows, lastRun: isOld ? lastRun : rows })
  }

  #gaveNothing(problem: string): void {
    this.store.setState({ status: 'ready', counts: new Map(), ms: null, rows: null, path: null, problem })
  }

  /** Over the line to the worker a set of events becomes another one with the same members. */
  #isPinned(events: Lineage): boolean {
    const { pin } = this.store.getState()
    return pin !== null && String(events) === String(pin.events)
  }

  #askPath(): void {
    const { pin } = this.store.getState()
    if (pin !== null) this.#client.follow(pin.events)
  }

  #askRows(): void {
    const nodeId = onlySelected(this.#options.view.getState())
    if (nodeId === null) this.store.setState({ rows: null })
    else this.#client.askRows(nodeId)
  }
}

function sameSamples(a: ReadonlyMap<string, Sample>, b: ReadonlyMap<string, Sample>): boolean {
  return a.size === b.size && [...a].every(([id, { records }]) => b.get(id)?.records === records)
}

function createPreviewWorker(): PreviewWorker {
  return new Worker(new URL('./preview.worker.ts', import.meta.url), { type: 'module', name: 'preview' })
}
