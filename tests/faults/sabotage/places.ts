import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PartitionWrite } from '../../../executor/src/kafka/wire/index.ts'
import type { StateRedis } from '../../../executor/src/state/scripts.ts'
import type { SessionParts } from '../../../executor/src/task/session-parts.ts'
import { withMethods } from './with-methods.ts'

/**
 * Where the process of a task comes to a stop, in its first transaction with results.
 *
 * `offsets-written`: the pod dies when the transaction has its offsets, before it is ended ·
 * `before-results`: the pod sleeps (SIGSTOP) before it writes; whoever wants to wakes it.
 */
export type Place = 'offsets-written' | 'before-results'

/** While Redis has this key no copy of state is written: its writes are on their way. */
export const HELD_COPIES = 'test:held-copies'

const WAIT_MS = 20
const STDERR = 2

/** The parts, with a stop at a place. What it prints then ends with the process id. */
export function atPlace(place: Place, parts: SessionParts): SessionParts {
  return {
    ...parts,
    async takeOver(options) {
      const taken = await parts.takeOver(options)
      let hasResults = false
      const { producer } = taken
      const stopping = withMethods(producer, {
        async produce(writes) {
          if (writes.some(isResult)) {
            if (place === 'before-results' && !hasResults) stop('SIGSTOP', place)
            hasResults = true
          }
          return producer.produce(writes)
        },
        async commitOffsets(group, offsets) {
          await producer.commitOffsets(group, offsets)
          if (place === 'offsets-written' && hasResults) stop('SIGKILL', place)
        },
      })
      return { ...taken, producer: stopping }
    },
  }
}

/** Whether something is for a reader, and not for the executors themselves. */
export function isResult({ topic }: PartitionWrite): boolean {
  return !topic.startsWith('millrace.')
}

/** A connection whose writes of copies take as long as `HELD_COPIES` is there. */
export function holdingCopies(redis: StateRedis): StateRedis {
  return withMethods(redis, {
    async copyApply(...args) {
      while ((await redis.exists(HELD_COPIES)) === 1) await sleep(WAIT_MS)
      return redis.copyApply(...args)
    },
  })
}

/** The whole pod: supervisor and worker. */
function stop(signal: 'SIGKILL' | 'SIGSTOP', place: Place): void {
  writeSync(STDERR, `at ${place}: ${process.pid}\n`)
  process.kill(process.ppid, signal)
  process.kill(process.pid, signal)
}
