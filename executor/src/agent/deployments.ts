import { type DeploymentSpec, type DesiredState, redisKeys, type Switchover } from '@millrace/contracts'
import type { Redis } from 'ioredis'

/** What Redis says of one deployment. */
export interface DeploymentView {
  readonly desired: DesiredState
  readonly spec: DeploymentSpec
  /** The generation that drains first; null where none does. */
  readonly draining: DeploymentSpec | null
  readonly switchover: Switchover
}

/** Reads what should run. Specs are immutable, so each is read once. */
export class Deployments {
  readonly #redis: Redis
  readonly #specs = new Map<string, DeploymentSpec>()

  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** Every deployment whose desired state and spec are there. What is missing is *carry on*, never *stop*. */
  async read(): Promise<DeploymentView[]> {
    const ids = await this.#redis.smembers(redisKeys.deployments)
    const all = await Promise.all(ids.sort().map((id) => this.#view(id)))
    const views = all.filter((view) => view !== null)
    this.#keepOnly(views.flatMap(({ spec, draining }) => (draining === null ? [spec] : [spec, draining])))
    return views
  }

  /** Specs of generations that are over are needed no more. */
  #keepOnly(specs: readonly DeploymentSpec[]): void {
    const keys = new Set(specs.map(({ deployment, generation }) => redisKeys.spec(deployment, generation)))
    for (const key of this.#specs.keys()) if (!keys.has(key)) this.#specs.delete(key)
  }

  /** Writes how far a change of generation is. */
  async setSwitchover(deployment: string, switchover: Switchover): Promise<void> {
    await this.#redis.set(redisKeys.switchover(deployment), JSON.stringify(switchover))
  }

  async #view(deployment: string): Promise<DeploymentView | null> {
    const [desiredText, switchoverText] = await this.#redis.mget(
      redisKeys.desired(deployment),
      redisKeys.switchover(deployment),
    )
    if (!desiredText) return null
    const desired = JSON.parse(desiredText) as DesiredState
    const spec = await this.#spec(deployment, desired.generation)
    if (spec === null) return null
    const draining = desired.drain === null ? null : await this.#spec(deployment, desired.drain.generation)
    const known = switchoverText ? (JSON.parse(switchoverText) as Switchover) : null
    const switchover = known?.generation === desired.generation ? known : firstPhase(desired, spec)
    return { desired, spec, draining, switchover }
  }

  async #spec(deployment: string, generation: number): Promise<DeploymentSpec | null> {
    const key = redisKeys.spec(deployment, generation)
    const known = this.#specs.get(key)
    if (known !== undefined) return known
    const text = await this.#redis.get(key)
    if (text === null) return null
    const spec = JSON.parse(text) as DeploymentSpec
    this.#specs.set(key, spec)
    return spec
  }
}

function firstPhase({ generation, drain }: DesiredState, { retired }: DeploymentSpec): Switchover {
  const phase = drain !== null ? 'drain' : retired.length > 0 ? 'seal' : 'run'
  return { generation, phase, since: Date.now(), unread: 0 }
}
