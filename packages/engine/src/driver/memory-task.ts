import type { Program } from '../plan/program.ts'
import type { DeploymentPlan } from '../plan/stage-plan.ts'
import type { StageProgress } from '../stage/progress.ts'
import type { Probe } from '../stage/stage-output.ts'
import { type CommitPoint, StageRuntime } from '../stage/stage-runtime.ts'
import { parseStateKey } from '../state/state-key.ts'
import { MemoryStore } from './memory-store.ts'
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
  /** Fetch state rows and timers as they are needed, and let go of them at once, instead of keeping all of them. */
  readonly lazy: boolean
  readonly probe?: Probe
  readonly generatorStart?: number
  /** Commits become visible here. */
  readonly results: Results
}

interface Committed {
  readonly state: MemoryStore
  /** JSON, as in a `position` record. */
  progress: string | null
  offsets: Offsets
}

/** One task of a driven deployment: what the executor does with Kafka and Redis, over lists in memory. */
export class MemoryTask {
  readonly #options: MemoryTaskOptions
  readonly #committed: Committed = { state: new MemoryStore(), progress: null, offsets: new Map() }
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
    return this.#committed.state.values.size
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
      this.#committed.state.apply(state.takeChanges())
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
    const { state: store } = this.#committed
    const runtime = new StageRuntime({
      ...{ program, plan, stageId, task, probe, generatorStart },
      births: {},
      ...(lazy ? { outside: store.outside, startsEmpty: store.values.size === 0 } : { outside: null }),
      output: this.#output,
    })
    if (lazy) for (const state of runtime.states.values()) state.limit(0)
    else for (const [stateKey, value] of store.values) restoreRow(runtime, stateKey, value)
    if (this.#committed.progress !== null)
      runtime.restore(JSON.parse(this.#committed.progress) as StageProgress)
    return runtime
  }
}

function restoreRow(runtime: StageRuntime, stateKey: string, value: Uint8Array): void {
  const parsed = parseStateKey(stateKey)
  if (parsed === null) throw new Error(`${stateKey} is no state key`)
  const state = runtime.states.get(parsed.nodeId)
  if (state === undefined) throw new Error(`state key ${stateKey} belongs to no node`)
  state.restore(parsed.name, value, true)
}
