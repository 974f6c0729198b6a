import { isReferenceSource, ownerOf } from '../plan/reference-source.ts'
import type { StagePlan } from '../plan/stage-plan.ts'
import { type FedStage, takeReferences } from '../preview/run-preview.ts'
import type { RawRecord } from '../record.ts'
import type { Arrival } from './read-steps.ts'

/** An input of a stage whose topic belongs to no one but itself. */
interface SourceInput {
  readonly index: number
  readonly idleTimeout: number | null
  /** When it had its last record; null before the clock was told. */
  heard: number | null
  isIdle: boolean
  /** The next event of a generator. */
  next: number
}

/**
 * Gives a stage the steps of a test. References that come before the first event are there when it comes. The clock is
 * moved by the steps alone: early results come, and sources fall idle, as they would have by then.
 */
export async function feedStage(
  fed: FedStage,
  arrivals: readonly Arrival[],
  generatorStart: number,
): Promise<void> {
  const first = arrivals.findIndex(
    (arrival) => arrival.kind !== 'record' || arrival.source.kind !== 'reference',
  )
  const ahead = first < 0 ? arrivals.length : first
  await takeReferences(fed.runtime, fed.stage, referencesOf(arrivals.slice(0, ahead)))
  const feeder = new Feeder(fed, generatorStart)
  for (const arrival of arrivals.slice(ahead)) await feeder.take(arrival)
  await fed.runtime.run()
}

function referencesOf(arrivals: readonly Arrival[]): ReadonlyMap<string, readonly RawRecord[]> {
  const records = arrivals.filter((arrival) => arrival.kind === 'record')
  const byNode = Map.groupBy(records, ({ source }) => source.node.id)
  return new Map([...byNode].map(([id, list]) => [id, list.map(({ record }) => record)]))
}

class Feeder {
  readonly #fed: FedStage
  readonly #inputs: ReadonlyMap<string, SourceInput>
  readonly #generatorStart: number
  #now: number | null = null

  constructor(fed: FedStage, generatorStart: number) {
    this.#fed = fed
    this.#generatorStart = generatorStart
    this.#inputs = new Map(sourceInputs(fed))
  }

  async take(arrival: Arrival): Promise<void> {
    if (arrival.kind === 'clock') return this.#moveClock(arrival.now)
    const { id } = arrival.source.node
    if (arrival.kind === 'generate') return this.#generate(id, arrival.count)
    if (arrival.now !== null) await this.#moveClock(arrival.now)
    if (arrival.source.kind === 'reference') return this.#takeReference(id, arrival.record)
    this.#accept(id, arrival.record)
  }

  #accept(id: string, record: RawRecord): void {
    const input = this.#inputs.get(id)
    if (input === undefined) return
    this.#fed.runtime.acceptSource(input.index, [record], 0, this.#now)
    input.heard = this.#now
    input.isIdle = false
  }

  /** For a generator a record carries nothing but its offset. */
  async #generate(id: string, count: number): Promise<void> {
    const input = this.#inputs.get(id)
    if (input === undefined) return
    const { node, runtime } = this.#fed.program.node(id)
    const interval = runtime.role === 'generator-source' ? 1000 / runtime.rate(node.config) : 0
    for (let i = 0; i < count; i++) {
      const timestamp = this.#generatorStart + Math.floor(input.next * interval)
      await this.#moveClock(timestamp)
      this.#accept(id, { topic: '', partition: 0, offset: input.next, timestamp, key: null, value: null })
      input.next++
    }
  }

  /** A change of a table has no place of its own among the events: what came before it is done before. */
  async #takeReference(id: string, record: RawRecord): Promise<void> {
    const { runtime, stage } = this.#fed
    await runtime.run()
    for (const [i, { kind, nodeId }] of stage.inputs.entries()) {
      if (ownerOf(nodeId) !== id) continue
      if (kind === 'reference') runtime.acceptReference(i, record)
      if (kind !== 'source' || !isReferenceSource(nodeId)) continue
      runtime.acceptSource(i, [record], 0, null)
      runtime.markIdle(i)
    }
    await runtime.run()
  }

  async #moveClock(now: number): Promise<void> {
    if (this.#now !== null && now <= this.#now) return
    const { runtime } = this.#fed
    this.#now = now
    await this.#markIdle(now)
    if (now >= runtime.nextTick) await runtime.run()
    await runtime.tick(now)
  }

  async #markIdle(now: number): Promise<void> {
    const { runtime } = this.#fed
    for (const input of this.#inputs.values()) {
      input.heard ??= now
      if (input.idleTimeout === null || input.isIdle || now - input.heard < input.idleTimeout) continue
      input.isIdle = true
      await runtime.run()
      if (runtime.markIdle(input.index)) await runtime.run()
    }
  }
}

function sourceInputs({
  stage,
  program,
}: Pick<FedStage, 'program'> & { stage: StagePlan }): [string, SourceInput][] {
  return stage.inputs.flatMap(({ kind, nodeId }, index): [string, SourceInput][] => {
    if (kind !== 'source' || isReferenceSource(nodeId)) return []
    const { node, runtime } = program.node(nodeId)
    const isSource = runtime.role === 'topic-source' || runtime.role === 'generator-source'
    const idleTimeout = isSource ? runtime.time(node.config).idleTimeout : null
    return [[nodeId, { index, idleTimeout, heard: null, isIdle: false, next: 0 }]]
  })
}
