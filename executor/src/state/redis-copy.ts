import type {
  RowReply,
  RowRequest,
  StateChange,
  StateKeyRange,
  StoredRow,
  TimerPage,
  TimerRequest,
} from '@millrace/engine'
import { type IndexedNode, packChanges } from './pack-changes.ts'
import { askRedis, isWrongType } from './redis-down.ts'
import type { StateRedis } from './scripts.ts'

/** Rows per script call, and their bytes: a script holds up everyone else in Redis. */
const MAX_ROWS = 1_000
const MAX_BYTES = 4_000_000
/** Ranges per script call. */
const MAX_RANGES = 500
/** Timers per script call: twice as many as fire at once. */
const MAX_TIMERS = 2_000

/** Where a task's copy is and who writes it. */
export interface CopyIdentity {
  /** Prefix of the task's keys (`redisKeys.taskState`). */
  readonly prefix: string
  /** Grows with every take-over of the task, over all runs. */
  readonly fence: number
  /** Producer id and epoch as InitProducerId returned them: unique where a fence is not. */
  readonly producer: string
  /** Id of the changelog topic: a copy of another one is worthless. */
  readonly topicId: string
  /** The nodes that keep state. */
  readonly nodes: readonly IndexedNode[]
}

/** What a take-over found. */
export interface FoundCopy {
  /** Changelog offset up to which the copy is complete. */
  readonly stamp: number
  /** Wall clock of the stamp, epoch ms. */
  readonly at: number
}

/** The copy is not usable as it is: it belongs to somebody else, or its past is not what this task wrote. */
export class CopyLostError extends Error {
  readonly reason: 'FENCED' | 'GAP'

  constructor(reason: 'FENCED' | 'GAP') {
    super(`the state copy in Redis was lost: ${reason}`)
    this.name = 'CopyLostError'
    this.reason = reason
  }
}

/**
 * One task's materialised state in Redis: a stamped and fenced copy of its changelog (exactly-once.md P5). Every call
 * may throw `RedisDownError`: the outcome is then unknown and the copy must be begun anew.
 */
export class RedisCopy {
  readonly #redis: StateRedis
  readonly #identity: CopyIdentity
  #rebuilds = 0
  #data = ''
  #stamp: number | null = null

  constructor(redis: StateRedis, identity: CopyIdentity) {
    this.#redis = redis
    this.#identity = identity
  }

  /** The stamp that Redis has acknowledged; null while the copy is being built. */
  get stamp(): number | null {
    return this.#stamp
  }

  /**
   * Makes this task the only writer and says what is there; null where there is no whole copy of this changelog.
   *
   * @throws CopyLostError `FENCED`: a later take-over was here
   */
  async enter(): Promise<FoundCopy | null> {
    const [status, data, stamp, at, topic, nodes] = await askRedis(
      this.#redis.copyEnter(this.#meta, this.#owner, this.#identity.fence),
    )
    if (status !== 'OK') throw new CopyLostError('FENCED')
    if (!data || !stamp) return null
    this.#data = data
    const sameNodes = nodes === this.#nodes
    if (topic !== this.#identity.topicId || !sameNodes || !(await this.#agrees())) return null
    this.#stamp = Number(stamp)
    return { stamp: this.#stamp, at: Number(at) }
  }

  /** Drops what `enter` found and begins an empty copy. It counts only once `apply` gives it a stamp. */
  async begin(): Promise<void> {
    const before = this.#owner
    const old = this.#data === '' ? [] : this.#keys()
    this.#rebuilds++
    this.#stamp = null
    this.#data = this.#owner
    const { fence, topicId } = this.#identity
    const status = await askRedis(
      this.#redis.copyBegin(this.#meta, before, this.#owner, fence, topicId, this.#nodes),
    )
    if (status !== 'OK') throw new CopyLostError('FENCED')
    if (old.length > 0) await askRedis(this.#redis.unlink(...old))
  }

  /**
   * Writes changes, no key twice, on top of what is there. With a `stamp` the copy is complete up to it afterwards.
   *
   * @throws CopyLostError
   */
  async apply(changes: readonly StateChange[], stamp: number | null): Promise<void> {
    const parts = splitChanges(changes)
    for (const [i, part] of parts.entries()) {
      const last = stamp !== null && i === parts.length - 1
      await this.#applyPart(part, last ? stamp : null)
    }
  }

  /**
   * Reads rows by state key and by range. All questions are sent at once, in one round trip as far as ranges are not long.
   *
   * @throws CopyLostError `GAP`
   */
  async read({ keys, ranges }: RowRequest): Promise<RowReply> {
    const rows = Promise.all(partsOf(keys, MAX_ROWS).map((part) => this.#readRows(part)))
    const spans = Promise.all(partsOf(ranges, MAX_RANGES).map((part) => this.#readRanges(part)))
    const [values, found] = await Promise.all([rows, spans])
    return { values: values.flat(), ranges: found.flat() }
  }

  /**
   * Reads the next timers of a node.
   *
   * @throws CopyLostError `GAP`
   */
  async timers({ nodeId, from }: TimerRequest): Promise<TimerPage> {
    const place = [from?.time ?? '', from?.stateKey ?? '']
    const key = this.#timersKey(nodeId)
    // One more, to know where the next page begins, and the stamp.
    const most = MAX_TIMERS + 2
    const [status, ...flat] = await askRedis(
      this.#redis.copyTimers(this.#meta, key, this.#owner, this.#leastStamp, most, ...place),
    )
    if (status !== 'OK') throw new CopyLostError('GAP')
    const timers = []
    for (let i = 0; i < flat.length; i += 2)
      if (flat[i] !== '@stamp') timers.push({ stateKey: flat[i] as string, time: Number(flat[i + 1]) })
    return { timers: timers.slice(0, MAX_TIMERS), next: timers[MAX_TIMERS] ?? null }
  }

  async #readRows(stateKeys: readonly string[]): Promise<(Uint8Array | null)[]> {
    const [meta, state] = this.#keys(true) as [string, string]
    const [status, ...values] = await askRedis(
      this.#redis.copyReadBuffer(meta, state, this.#owner, this.#leastStamp, ...stateKeys),
    )
    if (status?.toString() !== 'OK') throw new CopyLostError('GAP')
    return values
  }

  async #readRanges(ranges: readonly StateKeyRange[]): Promise<StoredRow[][]> {
    const rows = ranges.map((): StoredRow[] => [])
    const limits = [MAX_ROWS, MAX_BYTES]
    let left = ranges.map((range, i): Reading => ({ rows: rows[i] as StoredRow[], ...boundsOf(range) }))
    while (left.length > 0) {
      const [meta, state, index] = this.#keys(true) as [string, string, string]
      const bounds = left.flatMap(({ min, max }) => [min, max])
      const [status, ...reply] = await askRedis(
        this.#redis.copyRangeBuffer(
          meta,
          state,
          index,
          ...[this.#owner, this.#leastStamp, ...limits],
          ...bounds,
        ),
      )
      if (status?.toString() !== 'OK') throw new CopyLostError('GAP')
      left = takeRanges(left, reply)
    }
    return rows
  }

  get #leastStamp(): number {
    return this.#stamp ?? Number.MAX_SAFE_INTEGER
  }

  /** The nodes as they stand in `meta`: a copy of others is of no use. */
  get #nodes(): string {
    return this.#identity.nodes.map(({ id, openSubKeys }) => (openSubKeys ? `${id}*` : id)).join(',')
  }

  get #owner(): string {
    const { fence, producer } = this.#identity
    return `${fence}:${producer}:${this.#rebuilds}`
  }

  get #meta(): string {
    return `${this.#identity.prefix}meta`
  }

  #timersKey(nodeId: string): string {
    return `${this.#identity.prefix}timers:${this.#data}:${nodeId}`
  }

  #keys(withMeta = false): string[] {
    const parts = [
      `${this.#identity.prefix}state:${this.#data}`,
      `${this.#identity.prefix}index:${this.#data}`,
      ...this.#identity.nodes.map(({ id }) => this.#timersKey(id)),
    ]
    return withMeta ? [this.#meta, ...parts] : parts
  }

  async #agrees(): Promise<boolean> {
    const keys = this.#keys(true)
    try {
      return (await askRedis(this.#redis.copyAgree(keys.length, ...keys))) === 1
    } catch (error) {
      if (isWrongType(error)) return false
      throw error
    }
  }

  async #applyPart(part: readonly StateChange[], stamp: number | null): Promise<void> {
    const keys = this.#keys(true)
    const { fence, topicId, nodes } = this.#identity
    const facts = [
      this.#owner,
      this.#stamp ?? '',
      stamp ?? '',
      Date.now(),
      fence,
      this.#data,
      topicId,
      this.#nodes,
    ]
    const status = await askRedis(
      this.#redis.copyApply(keys.length, ...keys, ...facts, packChanges(part, nodes)),
    )
    if (status === 'FENCED' || status === 'GAP') throw new CopyLostError(status)
    if (stamp !== null) this.#stamp = stamp
  }
}

/** A range on its way: where reading goes on, and what was read. */
interface Reading {
  readonly rows: StoredRow[]
  /** As ZRANGEBYLEX takes it. */
  readonly min: Buffer
  readonly max: Buffer
}

/** No byte of UTF-8 is as high: behind everything that begins with a prefix. */
const BEHIND = Buffer.of(0xff)

function boundsOf({ prefix, from, to }: StateKeyRange): Pick<Reading, 'min' | 'max'> {
  const max =
    to === null ? Buffer.concat([Buffer.from(`(${prefix}`), BEHIND]) : Buffer.from(`(${prefix}${to}`)
  return { min: Buffer.from(`[${prefix}${from}`), max }
}

/** Hands out what a script call found; gives the ranges that are not whole yet. */
function takeRanges(batch: readonly Reading[], reply: readonly (Buffer | number)[]): Reading[] {
  let at = 0
  return batch.flatMap((reading) => {
    const count = reply[at++] as number
    const isWhole = reply[at++] === 1
    for (let i = 0; i < count; i++, at += 2)
      reading.rows.push({ stateKey: String(reply[at]), value: reply[at + 1] as Buffer })
    if (isWhole) return []
    const last = count > 0 ? reading.rows.at(-1) : undefined
    return [last === undefined ? reading : { ...reading, min: Buffer.from(`(${last.stateKey}`) }]
  })
}

function partsOf<T>(list: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

/** Cuts changes into parts that one script call may carry; one empty part where there is nothing. */
function splitChanges(changes: readonly StateChange[]): StateChange[][] {
  const parts: StateChange[][] = [[]]
  let bytes = 0
  for (const change of changes) {
    const size = change.stateKey.length + (change.value?.length ?? 0)
    const part = parts.at(-1) as StateChange[]
    if (part.length >= MAX_ROWS || (part.length > 0 && bytes + size > MAX_BYTES)) {
      parts.push([change])
      bytes = size
    } else {
      part.push(change)
      bytes += size
    }
  }
  return parts
}
