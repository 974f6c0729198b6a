import { decodeStateTimer } from '../codec/state-codec.ts'
import type { Program } from '../plan/program.ts'
import type { DeploymentPlan } from '../plan/stage-plan.ts'
import type { StageProgress } from '../stage/progress.ts'
import type { Probe } from '../stage/stage-output.ts'
import { type CommitPoint, StageRuntime } from '../stage/stage-runtime.ts'
import type { RowReply, RowRequest, StateKeyRange } from '../state/outside-rows.ts'
import { parseStateKey } from '../state/state-key.ts'
import { compareUtf8 } from '../state/utf8-order.ts'
import type { MemoryTopics } from './memory-topics.ts'
import { PendingOutput, type Results } from './pending-output.ts'
import { type Offsets, TaskInputs } from './task-inputs.ts'

/** What a driver's task is made with. */
export interface MemoryTaskOptions {
  readonly program: Program
  readonly plan: DeploymentPlan
  readonly stageId: string
  readonly task: number
  readonly topics: MemoryTopics
  /** Fetch state rows as they are needed, and let go of them at once, instead of keeping all of them. */
  readonly lazy: boolean
  readonly probe?: Probe
  readonly generatorStart?: number
  /** Commits become visible here. */
  readonly results: Results
}

interface Committed {
  readonly state: Map<string, Uint8Array>
  /** JSON, as in a `position` record. */
  progress: string | null
  offsets: Offsets
}

/** One task of a driven deployment: what the executor does with Kafka and Redis, over lists in memory. */
export class MemoryTask {
  readonly #options: MemoryTaskOptions
  readonly #committed: Committed = { state: new Map(), progress: null, offsets: new Map() }
  readonly #inputs: TaskInputs
  readonly #output: PendingOutput
  #runtime: StageRuntime
  /** Of this life. */
  #commits = 0

  constructor(options: MemoryTaskOptions) {
    this.#options = options
    this.#inputs = new TaskInputs(options)
    this.#output = new PendingOutput(options)
    this.#runtime = this.#restore()
  }

  /** The runtime at work; a crash replaces it. */
  get runtime(): StageRuntime {
    return this.#runtime
  }

  /** Number of committed state rows. */
  get stateRows(): number {
    return this.#committed.state.size
  }

  /** Forgets everything since the last commit and starts over from it. */
  crash(): void {
    this.#runtime = this.#restore()
  }

  /**
   * Takes up to `limit` records of every input and works them through; true where there was something. Commits
   * wherever it may, unless told otherwise; what `commitPoint` throws ends the step, after which only `crash` helps.
   */
  async step(limit: number, commitPoint: CommitPoint = () => this.commit()): Promise<boolean> {
    return (await this.#inputs.take(this.#runtime, limit, commitPoint)) > 0
  }

  /** Looks at the clock: early results are sent, and committed. */
  async tick(now: number): Promise<void> {
    await this.#runtime.tick(now, () => this.commit())
    await this.commit()
  }

  /** Commits results, state, progress and offsets in one. */
  async commit(): Promise<void> {
    this.#runtime.flush()
    this.#output.commit(this.#runtime)
    this.#commits++
    for (const state of this.#runtime.states.values()) {
      for (const { stateKey, value } of state.takeChanges()) {
        if (value !== null) this.#committed.state.set(stateKey, value)
        else this.#committed.state.delete(stateKey)
      }
      state.acknowledge(this.#commits)
    }
    this.#committed.progress = JSON.stringify(this.#runtime.progress())
    this.#committed.offsets = this.#inputs.offsets
  }

  #restore(): StageRuntime {
    this.#commits = 0
    this.#output.drop()
    this.#inputs.restore(this.#committed.offsets)
    const { program, plan, stageId, task, lazy, probe, generatorStart } = this.#options
    const fetchRows = async (request: RowRequest) => readRows(this.#committed.state, request)
    const runtime = new StageRuntime({
      ...{ program, plan, stageId, task, probe, generatorStart },
      births: {},
      ...(lazy ? { fetchRows, startsEmpty: this.#committed.state.size === 0 } : { fetchRows: null }),
      output: this.#output,
    })
    if (lazy) for (const state of runtime.states.values()) state.limit(0)
    for (const [stateKey, value] of this.#committed.state) restoreRow(runtime, stateKey, value, lazy)
    if (this.#committed.progress !== null)
      runtime.restore(JSON.parse(this.#committed.progress) as StageProgress)
    return runtime
  }
}

/** What Redis would answer. */
function readRows(state: ReadonlyMap<string, Uint8Array>, { keys, ranges }: RowRequest): RowReply {
  const stored = ranges.length === 0 ? [] : [...state].map(([stateKey, value]) => ({ stateKey, value }))
  return {
    values: keys.map((key) => state.get(key) ?? null),
    ranges: ranges.map((range) => stored.filter(({ stateKey }) => isWithin(stateKey, range))),
  }
}

function isWithin(stateKey: string, { prefix, from, to }: StateKeyRange): boolean {
  if (!stateKey.startsWith(prefix) || compareUtf8(stateKey, prefix + from) < 0) return false
  return to === null || compareUtf8(stateKey, prefix + to) < 0
}

function restoreRow(runtime: StageRuntime, stateKey: string, value: Uint8Array, lazy: boolean): void {
  const { nodeId, name } = nameOf(stateKey)
  const state = runtime.states.get(nodeId)
  if (state === undefined) throw new Error(`state key ${stateKey} belongs to no node`)
  if (!lazy) {
    state.restore(name, value, true)
    return
  }
  const time = decodeStateTimer(value)
  if (time !== undefined) state.restoreTimer({ time, name })
}

function nameOf(stateKey: string): { readonly nodeId: string; readonly name: string } {
  const parsed = parseStateKey(stateKey)
  if (parsed === null) throw new Error(`${stateKey} is no state key`)
  return parsed
}
