import type { TakeValue } from '../../support/kafka.ts'

/** The topics that a storm writes. */
export type StormOutput = 'passed' | 'joined' | 'windows'

interface WindowRow {
  readonly payments: number
  readonly total: number
}

const OUTPUTS: readonly StormOutput[] = ['passed', 'joined', 'windows']
/** No confirmation has this code. */
const NONE = 100
const CODES = NONE + 1
const SHOWN = 5

/** The rows of a storm, as somebody found or expects them; kept small, since there may be ten million. */
export class StormRows {
  readonly counts: Record<StormOutput, number> = { passed: 0, joined: 0, windows: 0 }
  /** By user: ids of the payments that passed, in their order. */
  readonly passed = new Map<number, number[]>()
  /** By group and start. */
  readonly windows = new Map<string, WindowRow>()
  /** By id of the payment: its user and the code of its confirmation, as one number; 0: no row. */
  readonly #joined: Int32Array
  /** Rows of the join that belong to no payment. */
  readonly strange: number[] = []
  readonly #take: Readonly<Record<StormOutput, (row: never) => void>> = {
    passed: ({ user, id }: { user: string; id: number }) => this.addPassed(numberOf(user), id),
    joined: ({ user, id, code }: { user: string; id: number; code: number | null }) =>
      this.addJoined(id, numberOf(user), code),
    windows: (row: WindowRow & { group: string; window_start: number }) =>
      this.addWindow(`${row.group}/${row.window_start}`, row),
  }

  /** `payments`: how many there are at most. */
  constructor(payments: number) {
    this.#joined = new Int32Array(payments)
  }

  /** Takes the values of an output topic. */
  taker(output: StormOutput): TakeValue {
    const take = this.#take[output]
    return (value) => take(JSON.parse(value ?? '') as never)
  }

  addPassed(user: number, id: number): void {
    this.counts.passed++
    const ids = this.passed.get(user)
    if (ids === undefined) this.passed.set(user, [id])
    else ids.push(id)
  }

  addJoined(id: number, user: number, code: number | null): void {
    this.counts.joined++
    if (id < 0 || id >= this.#joined.length) this.strange.push(id)
    else this.#joined[id] = user * CODES + (code ?? NONE) + 1
  }

  addWindow(name: string, { payments, total }: WindowRow): void {
    this.counts.windows++
    this.windows.set(name, { payments, total })
  }

  /** True where there are at least as many rows of each kind. */
  hasAsManyAs({ counts }: StormRows): boolean {
    return OUTPUTS.every((output) => this.counts[output] >= counts[output])
  }

  /** Ids of the first payments whose row of the join is another one. */
  differences(other: StormRows): number[] {
    const ids: number[] = []
    for (let id = 0; id < this.#joined.length && ids.length < SHOWN; id++)
      if (this.#joined[id] !== other.#joined[id]) ids.push(id)
    return ids
  }
}

/** Users are called `u<number>`. */
function numberOf(user: string): number {
  return Number(user.slice(1))
}
