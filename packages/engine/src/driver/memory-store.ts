import { decodeStateTimer } from '../codec/state-codec.ts'
import type {
  OutsideState,
  RowReply,
  RowRequest,
  StateChange,
  StateKeyRange,
  StoredTimer,
  TimerPage,
  TimerRequest,
} from '../state/outside-rows.ts'
import { compareUtf8 } from '../state/utf8-order.ts'

/** State outside a task's memory, for tests: answers what Redis would. */
export class MemoryStore {
  readonly #timersPerPage: number
  /** By state key. */
  readonly values = new Map<string, Uint8Array>()
  /** How a node's state asks. */
  readonly outside: OutsideState = {
    rows: async (request) => this.#rows(request),
    timers: async (request) => this.#timers(request),
  }

  /** With few timers per page, pages end between timers of one time. */
  constructor(timersPerPage = 2) {
    this.#timersPerPage = timersPerPage
  }

  /** Writes what a commit changed. */
  apply(changes: readonly StateChange[]): void {
    for (const { stateKey, value } of changes) {
      if (value !== null) this.values.set(stateKey, value)
      else this.values.delete(stateKey)
    }
  }

  #rows({ keys, ranges }: RowRequest): RowReply {
    const stored =
      ranges.length === 0 ? [] : [...this.values].map(([stateKey, value]) => ({ stateKey, value }))
    return {
      values: keys.map((key) => this.values.get(key) ?? null),
      ranges: ranges.map((range) => stored.filter(({ stateKey }) => isWithin(stateKey, range))),
    }
  }

  #timers({ nodeId, from }: TimerRequest): TimerPage {
    const all = [...this.values].flatMap(([stateKey, value]): StoredTimer[] => {
      const time = stateKey.startsWith(`${nodeId}:`) ? decodeStateTimer(value) : undefined
      return time === undefined ? [] : [{ time, stateKey }]
    })
    const left = all.filter((timer) => from === null || compareStored(timer, from) >= 0).sort(compareStored)
    return { timers: left.slice(0, this.#timersPerPage), next: left[this.#timersPerPage] ?? null }
  }
}

function compareStored(a: StoredTimer, b: StoredTimer): number {
  return a.time - b.time || compareUtf8(a.stateKey, b.stateKey)
}

function isWithin(stateKey: string, { prefix, from, to }: StateKeyRange): boolean {
  if (!stateKey.startsWith(prefix) || compareUtf8(stateKey, prefix + from) < 0) return false
  return to === null || compareUtf8(stateKey, prefix + to) < 0
}
