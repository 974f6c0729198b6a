import { setTimeout as sleep } from 'node:timers/promises'
import { TOMBSTONE_RETENTION_MS } from '@millrace/contracts'
import {
  decodeStateTimer,
  type FetchRows,
  parseStateKey,
  type StageRuntime,
  type StateChange,
} from '@millrace/engine'
import { failPoint } from '../faults/fail-points.ts'
import type { ProblemBoard } from '../task/problem-board.ts'
import type { Changelog, ChangelogRecord } from './changelog.ts'
import { CopyLostError, type FoundCopy, type RedisCopy } from './redis-copy.ts'

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
/** Rows that are collected before they are written: what was put and deleted in between never reaches Redis. */
const REBUILD_ROWS = 20_000

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
  /** Keys of rows of earlier births that are still in the changelog. */
  readonly #foreign = new Set<string>()
  /** False while a rebuild cannot even begin: it will read from the changelog what happens until then. */
  #collecting = true

  constructor(options: TaskStateOptions) {
    this.#options = options
  }

  /** Bytes of committed changes that Redis has not acknowledged. */
  get pendingBytes(): number {
    return this.#pendingBytes
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
    else await this.#rebuild(end, true)
  }

  /** Reads rows for the working set; waits as long as the copy is being rebuilt or Redis is out of reach. */
  readonly fetchRows: FetchRows = async (request) => {
    for (;;) {
      await this.#recovery
      this.#options.signal.throwIfAborted()
      try {
        return await this.#options.copy.read(request)
      } catch (error) {
        void this.#recover(error)
      }
    }
  }

  /** Takes over what a commit changed; it reaches Redis later. */
  committed(changes: readonly StateChange[], stamp: number): void {
    this.#committed = stamp
    const commit = ++this.#commits
    // While Redis is out of reach nothing is kept: the rebuild reads it from the changelog.
    if (!this.#collecting) return
    const bytes = changes.reduce(
      (sum, { stateKey, value }) => sum + stateKey.length + (value?.length ?? 0),
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
    const keys: string[] = []
    for (const key of this.#foreign) {
      if (keys.length === limit) break
      keys.push(key)
      this.#foreign.delete(key)
    }
    return keys
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
        await this.#rebuild(this.#committed, false)
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
    for (const [nodeId, state] of this.#runtime?.states ?? []) {
      for await (const timers of copy.timers(nodeId)) {
        for (const { time, stateKey } of timers) {
          const parsed = parseStateKey(stateKey)
          if (parsed !== null) state.restoreTimer({ time, name: parsed.name })
        }
      }
    }
    for await (const changes of this.#changesBetween(from, end)) {
      for (const { stateKey, value } of changes) {
        const parsed = parseStateKey(stateKey)
        if (parsed !== null) this.#runtime?.states.get(parsed.nodeId)?.restore(parsed.name, value, true)
      }
      await copy.apply(changes, null)
    }
    if (from < end) await copy.apply([], end)
  }

  /** Writes a new copy from the whole changelog; `restoring` also gives the runtime its timers. */
  async #rebuild(end: number, restoring: boolean): Promise<void> {
    const { copy, changelog } = this.#options
    const timers = new Map<string, number | undefined>()
    await copy.enter()
    await copy.begin()
    const { start } = await changelog.bounds()
    this.#foreign.clear()
    for await (const changes of this.#changesBetween(start, end)) {
      if (restoring) for (const { stateKey, timer } of changes) timers.set(stateKey, timer)
      await copy.apply(changes, null)
    }
    await copy.apply([], end)
    for (const [stateKey, time] of timers) this.#restoreTimer(stateKey, time)
  }

  /** The changes of a stretch of the changelog, in parts in which no key stands twice. */
  async *#changesBetween(from: number, end: number): AsyncGenerator<StateChange[]> {
    let part = new Map<string, StateChange>()
    for await (const records of this.#options.changelog.read(from, end)) {
      for (const record of records) this.#collect(record, part)
      failPoint('mid-restore')
      if (part.size < REBUILD_ROWS) continue
      yield [...part.values()]
      part = new Map()
    }
    if (part.size > 0) yield [...part.values()]
  }

  #collect({ key, value }: ChangelogRecord, part: Map<string, StateChange>): void {
    const parsed = parseStateKey(key)
    if (parsed === null) return
    if (this.#options.births[parsed.nodeId] !== parsed.birth) {
      // A row of an earlier birth counts no more; it is deleted for good with one of the next commits.
      if (value === null) this.#foreign.delete(key)
      else this.#foreign.add(key)
      return
    }
    part.set(key, { stateKey: key, value, timer: value === null ? undefined : decodeStateTimer(value) })
  }

  #restoreTimer(stateKey: string, time: number | undefined): void {
    const parsed = parseStateKey(stateKey)
    if (parsed === null || time === undefined) return
    this.#runtime?.states.get(parsed.nodeId)?.restoreTimer({ time, name: parsed.name })
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
      'Redis is out of reach; the state is safe in Kafka and the task goes on.',
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
