import { setTimeout as sleep } from 'node:timers/promises'
import { seededNumber } from '@millrace/engine'
import type { FleetScene } from './fleet-scene.ts'

/** What happens to the fleet: somebody comes, goes, goes and is killed before it has gone, or is killed. */
type Kind = 'join' | 'leave' | 'leave, then kill' | 'kill'

/** One of them, with the payments under way when it happened. */
export interface MembershipChange {
  readonly kind: Kind
  readonly id: string
  readonly inFlight: number
}

const FLEET = { least: 1, most: 4 } as const
const KINDS: readonly Kind[] = ['join', 'join', 'leave', 'leave, then kill', 'kill']
/** The longest time between two changes, ms: longer than a lease, so that some are over before the next and some not. */
const PAUSE_MS = 5_000
/** Executors have few names, so that some come back under that of one that has just died. */
const NAMES = 8
/** Tells these numbers apart from others of the same seed. */
const SALT = 200

/** Executors that come and go at times and in ways that a seed decides, without waiting for one another. */
export class MembershipStorm {
  readonly #scene: FleetScene
  readonly #seed: number
  readonly #ending = new Map<string, Promise<void>>()
  #drawn = 0

  constructor(scene: FleetScene, seed: number) {
    this.#scene = scene
    this.#seed = seed
  }

  /** Makes so many changes; resolves when those that were told to end have ended. */
  async play(changes: number): Promise<readonly MembershipChange[]> {
    const played: MembershipChange[] = []
    while (played.length < changes) {
      await sleep(this.#draw(PAUSE_MS))
      const kind = this.#kind()
      const inFlight = await this.#scene.flow.isUnderWay()
      played.push({ kind, inFlight, id: kind === 'join' ? await this.#join() : this.#end(kind) })
    }
    await Promise.all(this.#ending.values())
    return played
  }

  #kind(): Kind {
    const alive = this.#scene.fleet.ids.length
    if (alive <= FLEET.least) return 'join'
    const kinds = alive >= FLEET.most ? KINDS.filter((kind) => kind !== 'join') : KINDS
    return kinds[this.#draw(kinds.length)] as Kind
  }

  async #join(): Promise<string> {
    const { fleet } = this.#scene
    const free = Array.from({ length: NAMES }, (_, i) => `m${i + 1}`).filter((id) => !fleet.ids.includes(id))
    const id = free[this.#draw(free.length)] as string
    // Two of one name at a time is what no orchestrator does.
    await this.#ending.get(id)
    fleet.join(id)
    return id
  }

  #end(kind: Exclude<Kind, 'join'>): string {
    const { fleet } = this.#scene
    const id = fleet.ids[this.#draw(fleet.ids.length)] as string
    if (kind === 'kill') this.#ending.set(id, fleet.kill(id))
    else this.#ending.set(id, this.#leave(id, kind === 'leave' ? null : this.#draw(300)))
    return id
  }

  async #leave(id: string, killedAfterMs: number | null): Promise<void> {
    const { fleet } = this.#scene
    const leaving = fleet.leave(id)
    if (killedAfterMs !== null) {
      await sleep(killedAfterMs)
      await fleet.killLeaving(id)
    }
    // With whatever code: on a busy machine the time that it has may not be enough, and it ends as if killed.
    await leaving
  }

  /** A whole number below `limit`. */
  #draw(limit: number): number {
    return Math.floor(seededNumber(this.#seed, this.#drawn++, SALT) * limit)
  }
}
