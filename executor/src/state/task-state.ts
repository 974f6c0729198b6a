import { setTimeout as sleep } from 'node:timers/promises'
import { TOMBSTONE_RETENTION_MS } from '@millrace/contracts'
import {
  decodeStateTimer,
  type OutsideState,
  parseStateKey,
  type StageRuntime,
  type StateChange,
} from '@millrace/engine'
import { failPoint } from '../faults/fail-points.ts'
import type { ProblemBoard } from '../task/problem-board.ts'
import type { Changelog, ChangelogRecord } from './changelog.ts'
import { ForeignRows } from './foreign-rows.ts'
import { CopyLostError, type FoundCopy, type RedisCopy } from './redis-copy.ts'
import { RedisDownError } from './redis-down.ts'

/** What a task's state is made with. */
export interface TaskStateOptions {
  readonly copy: RedisCopy
  readonly changelog: Changelog
  /** By stateful node id: rows of another birth do not count. */
  readonly births: { readonly [nodeId: string]: number }
  readonly problems: ProblemBoard
  /** About how many bytes the task's rows may take in memory, now. */
  memory(): number
  /** Aborted when the task's life ends. */
  readonly signal: AbortSignal
}

interface Delta {
  readonly changes: readonly StateChange[]
  readonly stamp: number
  readonly bytes: number
  /** Which commit of this life it is, counted from 1. */
  readonly commit: number
}

const RETRY_MS = 200
/** Committed changes that Redis has not acknowledged may take so much memory before the inputs pause. */
const MAX_PENDING_BYTES = 64_000_000
/** The same, as a part of what rows may take. */
const PENDING_SHARE = 0.5
/** Rows that are collected before they are written: what was put and deleted in between never reaches Redis. */
const REBUILD_ROWS = 10_000
/** Bytes of the changelog that are read before they are written: values are views of what was read, which stays with them. */
const REBUILD_BYTES = 8_000_000
/** What a change takes in memory beside its key and value. */
const CHANGE_BYTES = 300

/**
 * A task's state outside memory: reads rows that are not there yet, and carries every commit to the Redis copy, in
 * order and never in the way of the task. Whatever goes wrong with the copy, the changelog has it all.
 */
export class TaskState {
  readonly #options: TaskStateOptions
  readonly #queue: Delta[] = []
  #runtime: StageRuntime | null = null
  #committed = 0
  #commits = 0
  #pendingBytes = 0
  #working: Promise<void> | null = null
  #recovery: Promise<void> | null = null
  readonly #foreign = new ForeignRows()
  /** Looks for more of them. */
  #lookingForForeign = false
  /** False while a rebuild cannot even begin: it will read from the changelog what happens until then. */
  #collecting = true

  constructor(options: TaskStateOptions) {
    this.#options = options
  }

  /** About what committed changes take in memory that Redis has not acknowledged. */
  get pendingBytes(): number {
    return this.#pendingBytes
  }

  /** True where so much waits for Redis that no more should come: while the copy is lost no row leaves memory. */
  get crowded(): boolean {
    const memory = this.#options.memory()
    if (this.#pendingBytes > Math.min(MAX_PENDING_BYTES, memory * PENDING_SHARE)) return true
    if (this.#recovery === null) return false
    const states = [...(this.#runtime?.states.values() ?? [])]
    return states.reduce((sum, { bytes }) => sum + bytes, 0) > memory
  }

  /**
   * Begins the state of a task that has none: the copy is empty and every row will be in memory.
   *
   * @param end changelog offset after the first commit
   */
  async start(runtime: StageRuntime, end: number): Promise<void> {
    this.#runtime = runtime
    this.#committed = end
    await this.#options.copy.enter()
    await this.#options.copy.begin()
    await this.#options.copy.apply([], end)
  }

  /**
   * Takes the state over as of the changelog offset `end`: from the copy and the changelog's tail, or from the whole
   * changelog where the copy is of no use (exactly-once.md P3.4).
   *
   * @param trustCopy false where rows of an earlier birth must be sorted out
   */
  async restore(runtime: StageRuntime, end: number, trustCopy: boolean): Promise<void> {
    this.#runtime = runtime
    this.#committed = end
    const { copy, changelog } = this.#options
    const found = await copy.enter()
    const { start } = await changelog.bounds()
    if (trustCopy && found !== null && usable(found, start, end)) await this.#catchUp(found.stamp, end)
    else await this.#rebuild(end)
  }

  /** Reads for the working set; waits as long as the copy is being rebuilt or Redis is out of reach. */
  readonly outside: OutsideState = {
    rows: (request) => this.#read((copy) => copy.read(request)),
    timers: (request) => this.#read((copy) => copy.timers(request)),
  }

  /** Takes over what a commit changed; it reaches Redis later. */
  committed(changes: readonly StateChange[], stamp: number): void {
    this.#committed = stamp
    const commit = ++this.#commits
    // While Redis is out of reach nothing is kept: the rebuild reads it from the changelog.
    if (!this.#collecting) return
    const bytes = changes.reduce(
      (sum, { stateKey, value }) => sum + CHANGE_BYTES + stateKey.length + (value?.length ?? 0),
      0,
    )
    this.#queue.push({ changes, stamp, bytes, commit })
    this.#pendingBytes += bytes
    this.#working ??= this.#work().finally(() => {
      this.#working = null
    })
  }

  /** Keys of rows of earlier births that are still in the changelog; at most `limit`, each once. */
  takeForeignKeys(limit: number): string[] {
    const keys = this.#foreign.take(limit)
    if (this.#foreign.unreadFrom !== null) void this.#lookForForeign()
    return keys
  }

  async #read<Reply>(ask: (copy: RedisCopy) => Promise<Reply>): Promise<Reply> {
    for (;;) {
      await this.#recovery
      this.#options.signal.throwIfAborted()
      try {
        return await ask(this.#options.copy)
      } catch (error) {
        void this.#recover(error)
      }
    }
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0 && !this.#options.signal.aborted) {
      await this.#recovery
      const delta = this.#queue[0]
      if (delta === undefined) continue
      try {
        failPoint('after-commit')
        await this.#options.copy.apply(delta.changes, delta.stamp)
      } catch (error) {
        await this.#recover(error)
        continue
      }
      this.#queue.shift()
      this.#pendingBytes -= delta.bytes
      this.#acknowledge(delta.commit)
    }
  }

  #acknowledge(commit: number): void {
    const { states } = this.#runtime as StageRuntime
    for (const state of states.values()) {
      state.acknowledge(commit)
      state.limit(this.#options.memory() / states.size)
    }
  }

  /** Rebuilds the copy, however long it takes; several callers share one rebuild. */
  #recover(cause: unknown): Promise<void> {
    this.#recovery ??= this.#rebuildUntilDone(cause).finally(() => {
      this.#recovery = null
    })
    return this.#recovery
  }

  async #rebuildUntilDone(cause: unknown): Promise<void> {
    const { problems, signal } = this.#options
    for (let error = cause; !signal.aborted; ) {
      tellProblem(problems, error)
      try {
        this.#dropQueue()
        this.#collecting = true
        const commit = this.#commits
        await this.#rebuild(this.#committed)
        this.#acknowledge(commit)
        problems.clear('redis_unreachable')
        problems.clear('state_copy_rebuilding')
        return
      } catch (next) {
        error = next
        this.#collecting = false
        this.#dropQueue()
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
  }

  #dropQueue(): void {
    this.#queue.length = 0
    this.#pendingBytes = 0
  }

  async #catchUp(from: number, end: number): Promise<void> {
    const { copy } = this.#options
    for await (const changes of this.#changesBetween(from, end)) await copy.apply(changes, null)
    if (from < end) await copy.apply([], end)
  }

  /** Writes a new copy from the whole changelog. */
  async #rebuild(end: number): Promise<void> {
    const { copy, changelog } = this.#options
    await copy.enter()
    await copy.begin()
    const { start } = await changelog.bounds()
    this.#foreign.begin()
    for await (const changes of this.#changesBetween(start, end)) await copy.apply(changes, null)
    await copy.apply([], end)
  }

  /** The changes of a stretch of the changelog, in parts in which no key stands twice. */
  async *#changesBetween(from: number, end: number): AsyncGenerator<StateChange[]> {
    let part = new Map<string, StateChange>()
    let bytes = 0
    for await (const records of this.#options.changelog.read(from, end)) {
      for (const record of records) {
        this.#collect(record, part)
        bytes += record.key.length + (record.value?.length ?? 0)
      }
      failPoint('mid-restore')
      if (part.size < REBUILD_ROWS && bytes < REBUILD_BYTES) continue
      yield [...part.values()]
      part = new Map()
      bytes = 0
    }
    if (part.size > 0) yield [...part.values()]
  }

  #collect(record: ChangelogRecord, part: Map<string, StateChange>): void {
    if (this.#noteForeign(record)) return
    const { key, value } = record
    part.set(key, { stateKey: key, value, timer: value === null ? undefined : decodeStateTimer(value) })
  }

  /** True where a record is no row that counts; one of an earlier birth is deleted with one of the next commits. */
  #noteForeign({ offset, key, value }: ChangelogRecord): boolean {
    const parsed = parseStateKey(key)
    if (parsed === null) return true
    const isForeign = this.#options.births[parsed.nodeId] !== parsed.birth
    if (isForeign) this.#foreign.note(offset, key, value === null)
    return isForeign
  }

  /** Reads on in the changelog where there was no room for more rows of earlier births. */
  async #lookForForeign(): Promise<void> {
    const from = this.#foreign.unreadFrom
    if (from === null || this.#lookingForForeign || this.#recovery !== null) return
    this.#lookingForForeign = true
    const { changelog, signal } = this.#options
    try {
      this.#foreign.begin()
      for await (const records of changelog.read(from, this.#committed)) {
        // A rebuild reads the same from the beginning.
        if (signal.aborted || this.#recovery !== null) return
        for (const record of records) this.#noteForeign(record)
      }
    } catch {
      // One of the next commits tries again; what is wrong with Kafka shows there.
      this.#foreign.readAgain(from)
    } finally {
      this.#lookingForForeign = false
    }
  }
}

function tellProblem(problems: ProblemBoard, error: unknown): void {
  if (error instanceof CopyLostError) {
    problems.raise(
      'state_copy_rebuilding',
      'The copy of the state in Redis is being rebuilt from the changelog.',
    )
  } else {
    problems.raise(
      'redis_unreachable',
      `${error instanceof RedisDownError ? error.message : 'Redis refuses the state'}; it is safe in Kafka and the task goes on.`,
      null,
      error,
    )
  }
}

function usable({ stamp, at }: FoundCopy, logStart: number, end: number): boolean {
  if (stamp === end) return true
  const young = Date.now() - at < TOMBSTONE_RETENTION_MS / 2
  return stamp < end && young && stamp >= logStart
}
