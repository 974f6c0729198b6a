import type { DeploymentSummary, LiveFrame, MetricBatch, ProblemBody } from '@millrace/contracts'
import type { Control } from '../deployments/control.ts'
import { summaryOf } from '../deployments/deployment-row.ts'
import { PlanCache } from '../deployments/generations.ts'
import { progressOf, readExecutors, readTaskState } from '../deployments/task-state.ts'
import type { Deployment } from '../generated/prisma/client.ts'
import { isDatabaseDown, isRedisDown } from '../http/outages.ts'
import type { Current } from '../pipelines/read-pipelines.ts'
import { buildFrame, throughput } from './frame.ts'
import { keepFrame, SAMPLE_MS } from './history.ts'
import { MetricBoard } from './metric-board.ts'
import { findProblems } from './problems.ts'
import type { StreamEntry } from './stream-reader.ts'

/** Takes the frames of a deployment, about one a second. */
export type FrameListener = (frame: LiveFrame) => void

interface Facts {
  readonly deployment: Deployment
  readonly problems: readonly ProblemBody[]
}

type Needs = Pick<Control, 'prisma' | 'redis'>

/** What is going on in all deployments, as this process knows it. */
export class LiveState {
  readonly #needs: Needs
  readonly #board: MetricBoard
  readonly #listeners: Map<string, Set<FrameListener>>
  readonly #plans: PlanCache
  #facts: ReadonlyMap<string, Facts>
  #keptAt: number
  /** Epoch ms since when Postgres does not answer; null while it does. */
  #databaseDownSince: number | null

  constructor(needs: Needs) {
    this.#needs = needs
    this.#board = new MetricBoard()
    this.#listeners = new Map()
    this.#plans = new PlanCache(needs.prisma)
    this.#facts = new Map()
    this.#keptAt = 0
    this.#databaseDownSince = null
  }

  /** Takes what executors measured. */
  accept(entries: readonly StreamEntry[]): void {
    for (const { text } of entries) {
      const batch = parseBatch(text)
      if (batch) this.#board.accept(batch)
    }
  }

  /** Looks at all deployments, sends each listener a frame, and keeps one now and then. Call it every second. */
  async tick(): Promise<void> {
    await this.#look()
    const now = Date.now()
    for (const [id, listeners] of this.#listeners) {
      const frame = this.frame(id, now)
      if (frame) for (const listener of listeners) listener(frame)
    }
    if (now - this.#keptAt < SAMPLE_MS) return
    this.#keptAt = now
    for (const id of this.#board.active(now)) {
      const frame = this.frame(id, now)
      if (frame) await keepFrame(this.#needs.prisma, id, frame)
    }
  }

  /** The frame of a deployment at this moment; null while nothing is known of it. */
  frame(id: string, now: number): LiveFrame | null {
    const facts = this.#facts.get(id)
    if (facts === undefined) return null
    return buildFrame(this.#board.samples(id, now), {
      at: now,
      deployment: explained(facts),
      problems: facts.problems,
    })
  }

  /** A deployment in a few figures. */
  current(id: string): Current {
    const facts = this.#facts.get(id)
    const now = Date.now()
    const reason = facts ? explained(facts).reason : null
    return { ...throughput(this.#board.samples(id, now), now), reason }
  }

  /** What is wrong with a deployment. */
  problems(id: string): readonly ProblemBody[] {
    return this.#facts.get(id)?.problems ?? []
  }

  /** All that is known, for monitoring systems. */
  deployments(): readonly Deployment[] {
    return [...this.#facts.values()].map(({ deployment }) => deployment)
  }

  /** Sends the frames of a deployment to a listener until the returned function is called. */
  subscribe(id: string, listener: FrameListener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(id)
    }
  }

  /** Reads how the deployments stand. While Postgres is away, what it said last is taken for true, and that is said. */
  async #look(): Promise<void> {
    const deployments = await this.#readDeployments()
    this.#plans.keepOnly(new Set(deployments.map(({ id }) => id)))
    const problems = await this.#findProblems(deployments)
    const everywhere = this.#databaseDownSince === null ? [] : [databaseProblem(this.#databaseDownSince)]
    this.#facts = new Map(
      deployments.map((deployment) => [
        deployment.id,
        { deployment, problems: [...everywhere, ...(problems.get(deployment.id) ?? [])] },
      ]),
    )
  }

  async #readDeployments(): Promise<readonly Deployment[]> {
    try {
      const found = await this.#needs.prisma.deployment.findMany()
      this.#databaseDownSince = null
      return found
    } catch (error) {
      if (!isDatabaseDown(error)) throw error
      this.#databaseDownSince ??= Date.now()
      return this.deployments()
    }
  }

  async #findProblems(deployments: readonly Deployment[]): Promise<Map<string, ProblemBody[]>> {
    const running = deployments.filter(({ desired }) => desired === 'running')
    try {
      const executors = await readExecutors(this.#needs.redis)
      const found = running.map(async (deployment): Promise<[string, ProblemBody[]]> => {
        const plan = await this.#plans.of(deployment)
        const now = Date.now()
        const { reports } = await readTaskState(this.#needs.redis, deployment.id, now)
        const progress = progressOf(plan, deployment.generation, reports)
        const situation = { now, since: deployment.since.getTime(), progress, reports, executors }
        return [deployment.id, findProblems(situation)]
      })
      return new Map(await Promise.all(found))
    } catch (error) {
      if (!isRedisDown(error)) throw error
      return new Map(running.map(({ id }) => [id, [this.#redisProblem(id)]]))
    }
  }

  #redisProblem(id: string): ProblemBody {
    const code = 'redis_unreachable'
    const known = this.problems(id).find((problem) => problem.code === code)
    const message =
      'Redis does not answer, so nothing is known of the tasks. They go on with what they have in memory; documents wait until it is back.'
    return { code, nodeId: null, message, since: known?.since ?? Date.now(), resumes: true }
  }
}

function databaseProblem(since: number): ProblemBody {
  const message =
    'Postgres does not answer: nothing can be saved, published, started or stopped. What runs goes on.'
  return { code: 'database_unreachable', nodeId: null, message, since, resumes: true }
}

/** The deployment in short; where it says no reason of its own, its first problem is one. */
function explained({ deployment, problems }: Facts): DeploymentSummary {
  const summary = summaryOf(deployment)
  return { ...summary, reason: summary.reason ?? problems[0]?.message ?? null }
}

/** Null for what is no batch: one bad entry must not hold up those behind it. */
function parseBatch(text: string): MetricBatch | null {
  try {
    const batch = JSON.parse(text) as MetricBatch
    return typeof batch.deployment === 'string' && Array.isArray(batch.tasks) ? batch : null
  } catch {
    return null
  }
}
