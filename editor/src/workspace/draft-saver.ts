import type { SavedDraft } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { ApiError, wordsOf } from '../http/api-error.ts'
import type { DocumentStore } from './document-store.ts'
import type { Draft } from './documents.ts'
import type { DraftBackup } from './draft-backup.ts'

/** How the draft stands between this page and the server. */
export type SavePhase =
  | 'saved'
  /** Edited; it will be sent in a moment. */
  | 'edited'
  | 'saving'
  /** The server cannot be reached; it is tried again. */
  | 'offline'
  /** The server refuses this draft; the next edit or Save tries again. */
  | 'refused'
  /** Somebody else saved a newer draft: the user must choose. */
  | 'conflict'

/** The saved draft and how far this page is from it. */
export interface SaveState {
  readonly phase: SavePhase
  /** The draft as the server has it. */
  readonly saved: PipelineGraph
  readonly revision: number
  /** Epoch ms. */
  readonly savedAt: number
  /** Why it is not saved, in words. */
  readonly message: string | null
  /** The newer draft of somebody else, in phase `conflict`. */
  readonly theirs: Draft | null
}

/** What a saver needs of the world. */
export interface SaverOptions {
  readonly document: DocumentStore
  readonly draft: Pick<Draft, 'graph' | 'revision' | 'savedAt'>
  readonly backup: DraftBackup
  send(graph: PipelineGraph, revision: number): Promise<SavedDraft>
  /** The newest draft, asked for after a refusal because of a newer one. */
  fetchNewest(): Promise<Draft>
  /** Epoch ms. */
  now(): number
}

/** Saves the draft by itself. */
export interface DraftSaver extends StoreApi<SaveState> {
  /** Saves at once; true once the server has what is on the canvas. */
  flush(): Promise<boolean>
  /** Gives up the own edits for the newest draft. */
  takeTheirs(draft: Draft): void
  /** Keeps what is unsaved in this browser: called before the page goes away. */
  keepBackup(): void
  /** Tries again now, e.g. because the browser is online again. */
  retry(): void
  dispose(): void
}

/** Edits are sent this long after the last one, ms, */
export const SAVE_DELAY = 1_000
/** and at the latest this long after the first. */
export const MAX_SAVE_DELAY = 5_000
const RETRY_DELAYS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000]

/** Makes the saver of one open pipeline and starts it. */
export function createDraftSaver(options: SaverOptions): DraftSaver {
  return new Saver(options).start()
}

class Saver {
  readonly #options: SaverOptions
  readonly #store: StoreApi<SaveState>
  #timer: ReturnType<typeof setTimeout> | undefined
  #firstEditAt: number | null = null
  #failures = 0
  #sending: Promise<boolean> | null = null
  #stopListening = () => {}

  constructor(options: SaverOptions) {
    const { graph: saved, revision, savedAt } = options.draft
    this.#options = options
    this.#store = createStore<SaveState>(() => ({
      phase: 'saved',
      saved,
      revision,
      savedAt,
      message: null,
      theirs: null,
    }))
  }

  start(): DraftSaver {
    this.#stopListening = this.#options.document.subscribe(({ graph }, before) => {
      if (graph !== before.graph) this.#edited()
    })
    return Object.assign(this.#store, {
      flush: () => this.#saveAll(),
      takeTheirs: (draft: Draft) => this.#takeTheirs(draft),
      keepBackup: () => this.#keepBackup(),
      retry: () => {
        if (this.#state.phase === 'offline') void this.#flush()
      },
      dispose: () => {
        clearTimeout(this.#timer)
        this.#stopListening()
      },
    })
  }

  get #state(): SaveState {
    return this.#store.getState()
  }

  get #graph(): PipelineGraph {
    return this.#options.document.getState().graph
  }

  #edited(): void {
    if (this.#state.phase === 'conflict' || this.#sending !== null) return
    if (this.#graph === this.#state.saved) {
      this.#settle()
      return
    }
    const now = this.#options.now()
    this.#firstEditAt ??= now
    if (this.#state.phase !== 'offline') this.#store.setState({ phase: 'edited', message: null })
    const delay = Math.min(SAVE_DELAY, Math.max(0, this.#firstEditAt + MAX_SAVE_DELAY - now))
    this.#schedule(this.#state.phase === 'offline' ? this.#retryDelay() : delay)
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#flush(), delay)
  }

  /** Also what is edited while a save is under way. */
  async #saveAll(): Promise<boolean> {
    const isSaved = await this.#flush()
    return isSaved || this.#state.phase !== 'edited' ? isSaved : this.#saveAll()
  }

  async #flush(): Promise<boolean> {
    clearTimeout(this.#timer)
    if (this.#sending !== null) return this.#sending.then(() => this.#flush())
    if (this.#state.phase === 'conflict') return false
    if (this.#graph === this.#state.saved) {
      this.#settle()
      return true
    }
    const sentGraph = this.#graph
    this.#sending = this.#send(sentGraph).finally(() => {
      this.#sending = null
    })
    const sent = await this.#sending
    const isAnswered = sent || this.#state.phase === 'refused'
    if (isAnswered && this.#graph !== sentGraph) this.#edited()
    return sent && this.#graph === this.#state.saved
  }

  async #send(graph: PipelineGraph): Promise<boolean> {
    const { revision } = this.#state
    this.#keepBackup()
    this.#store.setState({ phase: 'saving' })
    this.#firstEditAt = null
    try {
      const answer = await this.#options.send(graph, revision)
      this.#failures = 0
      this.#store.setState({ saved: graph, revision: answer.revision, savedAt: answer.savedAt })
      this.#settle()
      return true
    } catch (error) {
      await this.#failed(error)
      return false
    }
  }

  #settle(): void {
    clearTimeout(this.#timer)
    this.#firstEditAt = null
    this.#options.backup.forget()
    this.#store.setState({ phase: 'saved', message: null, theirs: null })
  }

  async #failed(error: unknown): Promise<void> {
    if (error instanceof ApiError && error.status === 409) return this.#conflict()
    const message = wordsOf(error)
    // A session that ended comes back with a sign-in, so it is waited for like a lost line.
    const isTemporary = error instanceof ApiError && (error.isTemporary || error.status === 401)
    this.#store.setState({ phase: isTemporary ? 'offline' : 'refused', message })
    if (!isTemporary) return
    this.#failures++
    this.#schedule(this.#retryDelay())
  }

  async #conflict(): Promise<void> {
    try {
      const theirs = await this.#options.fetchNewest()
      this.#store.setState({ phase: 'conflict', theirs, message: null })
    } catch (error) {
      await this.#failed(error)
    }
  }

  #retryDelay(): number {
    return RETRY_DELAYS[Math.min(this.#failures, RETRY_DELAYS.length) - 1] ?? SAVE_DELAY
  }

  #takeTheirs({ graph, revision, savedAt }: Draft): void {
    this.#store.setState({ saved: graph, revision, savedAt, phase: 'saved', theirs: null, message: null })
    this.#options.document.replace(graph)
    this.#settle()
  }

  #keepBackup(): void {
    if (this.#graph === this.#state.saved) return
    this.#options.backup.keep(this.#graph, this.#state.revision, this.#options.now())
  }
}
