import type { RowCodec } from '../codec/row-codec.ts'
import { MemoryStore } from '../driver/memory-store.ts'
import { NodeState } from '../state/node-state.ts'
import type { StateChange } from '../state/outside-rows.ts'

/** A node's state that begins empty, over a store outside memory to which commits are carried when a test says so. */
export class LaggingState {
  readonly store = new MemoryStore()
  /** So many commits are carried while the answer to a question is under way: it does not know of them. */
  carriedMeanwhile = 0
  readonly #codec: RowCodec
  readonly #openSubKeys: boolean
  readonly #waiting: (readonly StateChange[])[] = []
  #state: NodeState
  #commits = 0
  #known = 0

  constructor(codec: RowCodec, openSubKeys: boolean) {
    this.#codec = codec
    this.#openSubKeys = openSubKeys
    this.#state = this.#open(true)
  }

  /** The state at work; a crash replaces it. */
  get state(): NodeState {
    return this.#state
  }

  commit(): void {
    this.#commits++
    this.#waiting.push(this.#state.takeChanges())
  }

  /** Carries the oldest commit that is not outside yet. */
  carry(): void {
    const changes = this.#waiting.shift()
    if (changes === undefined) return
    this.store.apply(changes)
    this.#state.acknowledge(++this.#known)
  }

  /** Everything is committed and known outside. */
  settleAll(): void {
    this.commit()
    while (this.#known < this.#commits) this.carry()
    this.#state.settle()
  }

  /** Forgets what is not committed; the store has everything that is, and memory has nothing. */
  crash(): void {
    for (const changes of this.#waiting.splice(0)) this.store.apply(changes)
    this.#commits = 0
    this.#known = 0
    this.#state = this.#open(false)
  }

  #open(complete: boolean): NodeState {
    const { rows, timers } = this.store.outside
    return new NodeState({
      ...{ nodeId: 'n', birth: 1, codec: this.#codec, openSubKeys: this.#openSubKeys, complete },
      outside: {
        rows: (request) => this.#late(rows(request)),
        timers: (request) => this.#late(timers(request)),
      },
    })
  }

  async #late<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const given = await answer
    for (let i = 0; i < this.carriedMeanwhile; i++) this.carry()
    return given
  }
}
