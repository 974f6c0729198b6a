import { setTimeout as sleep } from 'node:timers/promises'
import type { StageRuntime, StateChange } from '@millrace/engine'
import type { TransactionalProducer } from '../../../executor/src/kafka/wire/index.ts'
import type { Changelog } from '../../../executor/src/state/changelog.ts'
import { CopyLostError, type RedisCopy } from '../../../executor/src/state/redis-copy.ts'
import { SCRIPTS_WITHOUT_STAMP_CHECK, type StateRedis } from '../../../executor/src/state/scripts.ts'
import { TaskState } from '../../../executor/src/state/task-state.ts'
import { type CommitContent, Committer } from '../../../executor/src/task/committer.ts'
import { SESSION_PARTS, type SessionParts } from '../../../executor/src/task/session-parts.ts'
import { takeOver } from '../../../executor/src/task/take-over.ts'
import { isResult } from './places.ts'
import { withMethods } from './with-methods.ts'

/** A worker that breaks one rule of the protocol. */
interface Sabotage {
  readonly parts: SessionParts
  stateRedis(redis: StateRedis): StateRedis
}

export type SabotageName =
  | 'offsets-first'
  | 'no-fencing'
  | 'redis-first'
  | 'unfenced-read'
  | 'early-eviction'
  | 'no-stamp-check'

const RETRY_MS = 5

/** Breaks nothing. */
export const HONEST: Sabotage = { parts: SESSION_PARTS, stateRedis: (redis) => redis }

/** How far it is gets committed in a transaction of its own, and the results after it. */
const takeOverWithOffsetsFirst: SessionParts['takeOver'] = async (options) => {
  const taken = await takeOver(options)
  const { producer } = taken
  let results: Parameters<TransactionalProducer['produce']>[0] = []
  const offsetsFirst = withMethods(producer, {
    produce(writes) {
      results = writes.filter(isResult)
      return producer.produce(writes.filter((write) => !isResult(write)))
    },
    async commitOffsets(group, offsets) {
      await producer.commitOffsets(group, offsets)
      await producer.end(true)
    },
    async end(commit) {
      await producer.produce(results)
      return producer.end(commit)
    },
  })
  return { ...taken, producer: offsetsFirst }
}

/** Every process has a transactional id of its own, so that nobody fences anybody. */
const takeOverWithoutFencing: SessionParts['takeOver'] = (options) => {
  const { client } = options
  const openProducer: typeof client.openProducer = ({ transactionalId, ...settings }) =>
    client.openProducer({ ...settings, transactionalId: `${transactionalId}.${process.pid}` })
  return takeOver({ ...options, client: withMethods(client, { openProducer }) })
}

/** The rows of a commit stand in Redis before Kafka has it; only the stamp comes behind. */
function partsWithRedisFirst(): SessionParts {
  const copies = new WeakMap<Changelog, RedisCopy>()
  return {
    ...SESSION_PARTS,
    state(options) {
      copies.set(options.changelog, options.copy)
      return new TaskState(options)
    },
    committer(taken, identity, cursors, limits) {
      let changes: readonly StateChange[] = []
      const { producer } = taken
      const redisFirst = withMethods(producer, {
        async produce(writes) {
          const produced = await producer.produce(writes)
          const copy = copies.get(taken.changelog)
          if (copy !== undefined && changes.length > 0) await writeAhead(copy, changes)
          return produced
        },
      })
      return new (class extends Committer {
        override commit(content: CommitContent) {
          changes = content.changes
          return super.commit(content)
        }
      })({ ...taken, producer: redisFirst }, identity, cursors, limits)
    },
  }
}

async function writeAhead(copy: RedisCopy, changes: readonly StateChange[]): Promise<void> {
  for (;;) {
    try {
      return await copy.apply(changes, null)
    } catch (error) {
      // The stamp of the commit before is on its way.
      if (!(error instanceof CopyLostError && error.reason === 'GAP')) throw error
      await sleep(RETRY_MS)
    }
  }
}

/** Takes every commit for one that Redis has, so that its rows leave memory at once; of many, soon all do. */
class EarlyEviction extends TaskState {
  readonly #memory: () => number
  #runtime: StageRuntime | null = null
  #commits = 0

  constructor(options: ConstructorParameters<typeof TaskState>[0]) {
    const memory = () => options.memory() / 12
    super({ ...options, memory })
    this.#memory = memory
  }

  /** Nothing seems to wait for Redis. */
  override get crowded(): boolean {
    return false
  }

  override start(runtime: StageRuntime, end: number): Promise<void> {
    this.#runtime = runtime
    return super.start(runtime, end)
  }

  override restore(runtime: StageRuntime, end: number, trustCopy: boolean): Promise<void> {
    this.#runtime = runtime
    return super.restore(runtime, end, trustCopy)
  }

  override committed(changes: readonly StateChange[], stamp: number): void {
    super.committed(changes, stamp)
    this.#commits++
    for (const state of this.#runtime?.states.values() ?? []) {
      state.acknowledge(this.#commits)
      state.limit(this.#memory())
    }
  }
}

function withScripts(redis: StateRedis, scripts: Readonly<Record<string, string>>): StateRedis {
  for (const [name, lua] of Object.entries(scripts)) {
    redis.defineCommand(name, name === 'copyRead' ? { numberOfKeys: 2, lua } : { lua })
  }
  return redis
}

/** Deliberately broken executors. Each must be caught by a test, or the tests prove nothing (exactly-once.md A5). */
export const SABOTAGES: Readonly<Record<SabotageName, Sabotage>> = {
  'offsets-first': { ...HONEST, parts: { ...SESSION_PARTS, takeOver: takeOverWithOffsetsFirst } },
  'no-fencing': { ...HONEST, parts: { ...SESSION_PARTS, takeOver: takeOverWithoutFencing } },
  'redis-first': { ...HONEST, parts: partsWithRedisFirst() },
  'unfenced-read': {
    ...HONEST,
    stateRedis: (redis) => withScripts(redis, { copyRead: SCRIPTS_WITHOUT_STAMP_CHECK.read }),
  },
  'early-eviction': {
    ...HONEST,
    parts: { ...SESSION_PARTS, state: (options) => new EarlyEviction(options) },
  },
  'no-stamp-check': {
    ...HONEST,
    stateRedis: (redis) =>
      withScripts(redis, {
        copyRead: SCRIPTS_WITHOUT_STAMP_CHECK.read,
        copyApply: SCRIPTS_WITHOUT_STAMP_CHECK.apply,
      }),
  },
}
