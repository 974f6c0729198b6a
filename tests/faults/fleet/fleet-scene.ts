import type { Redis } from 'ioredis'
import { expect } from 'vitest'
import type { KafkaForTests } from '../../support/kafka.ts'
import { commitTimes, longestGap, type Moves, movesBetween } from '../../support/task-lives.ts'
import { Flow } from '../matrix/flow.ts'
import { Fleet } from './fleet.ts'

const PARTITIONS = 4
/** About a thousand payments a second, and what a fleet can do that never comes to rest. */
const LOADS = { full: { payments: 50, everyMs: 50 }, light: { payments: 10, everyMs: 50 } } as const

/** A change of the fleet that came to its end. */
export interface Change extends Moves {
  readonly what: string
  /** Payments under way when it began. */
  readonly inFlight: number
  /** Epoch ms. */
  readonly from: number
  readonly to: number
}

/** Payments that flow all the time through four tasks for each of two stages, while executors come and go. */
export class FleetScene {
  readonly flow: Flow
  readonly fleet: Fleet
  readonly #kafka: KafkaForTests
  readonly #changes: Change[] = []

  private constructor(flow: Flow, fleet: Fleet, kafka: KafkaForTests) {
    this.flow = flow
    this.fleet = fleet
    this.#kafka = kafka
  }

  /** Starts executors and the payments; waits until everybody has a share. */
  static async begin(
    servers: { readonly kafka: KafkaForTests; readonly redis: Redis; readonly url: string },
    executors: readonly string[],
    load: keyof typeof LOADS = 'full',
  ): Promise<FleetScene> {
    const fleet = new Fleet(servers.redis, servers.url)
    const flow = await Flow.deploy(servers.kafka, servers.redis, { partitions: PARTITIONS })
    const scene = new FleetScene(flow, fleet, servers.kafka)
    for (const id of executors) fleet.join(id)
    flow.trickle(LOADS[load])
    try {
      await fleet.isBalanced(flow.spec)
      await flow.works()
      return scene
    } catch (error) {
      await scene.end()
      throw new Error(`${error}\n${fleet.lastWords()}`, { cause: error })
    }
  }

  /** Changes the fleet while something is under way; waits until all tasks have found their places. */
  async change(what: string, make: () => Promise<void> | void): Promise<Change> {
    const before = await this.fleet.isBalanced(this.flow.spec)
    await this.flow.works()
    const inFlight = await this.flow.isUnderWay()
    const from = Date.now()
    await make()
    const after = await this.fleet.isBalanced(this.flow.spec)
    await this.flow.works()
    const change = { what, inFlight, from, to: Date.now(), ...movesBetween(before, after) }
    this.#changes.push(change)
    return change
  }

  /** Ends an executor as an orchestrator does: code 0, and nothing that others would wait for is left. */
  async retire(id: string): Promise<void> {
    expect(await this.fleet.leave(id)).toBe(0)
    expect(await this.flow.tracesOf(id)).toEqual([])
  }

  /** Prints what tasks that stayed noticed of each change: the longest time without a commit. */
  async tell(): Promise<void> {
    const { spec, sourceStage } = this.flow
    const commits = await commitTimes(this.#kafka, spec)
    for (const { what, inFlight, from, to, stayed, anew } of this.#changes) {
      const gaps = [...stayed]
        // The other stage commits when something has come for it.
        .filter((name) => name.startsWith(`${sourceStage}/`))
        .map((name) => longestGap(commits.get(name) ?? [], from, to))
      const gap = gaps.length === 0 ? 'none stayed' : `longest gap ${Math.max(...gaps)} ms`
      console.log(
        `${what}: ${inFlight} under way, ${anew.length} began anew, ${stayed.size} stayed (of the sources' tasks: ${gap})`,
      )
    }
  }

  async end(): Promise<void> {
    await this.flow.stop()
    await this.fleet.end()
  }
}
