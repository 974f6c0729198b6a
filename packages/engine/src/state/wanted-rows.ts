import type { SubKeyRange, Touch } from '../operator.ts'
import type { NodeState } from './node-state.ts'
import type { KeyRange } from './outside-rows.ts'
import { rowName } from './state-key.ts'

/** Collects the rows that an operator will ask for, to be fetched in one go. */
export class WantedRows {
  readonly #names = new Set<string>()
  readonly #ranges: KeyRange[] = []
  /** Names rows, for `Operator.touches`. */
  readonly touch: Touch = Object.assign(
    (key: string, subKey: string) => {
      this.#names.add(rowName(key, subKey))
    },
    {
      range: (key: string, { from = '', to }: SubKeyRange = {}) => {
        this.#ranges.push({ key, from, to: to ?? null })
      },
    },
  )

  /** Adds a row by its name, see `rowName`. */
  add(name: string): void {
    this.#names.add(name)
  }

  /** Brings them into the memory of a node's state. */
  bringInto(state: NodeState): Promise<void> {
    return state.fetch(this.#names, this.#ranges)
  }
}
