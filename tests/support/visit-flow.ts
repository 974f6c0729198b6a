import type { DeploymentSpec } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { chain, step } from '../../api/src/templates/build.ts'
import { uniqueName } from '../it/wire/support/kafka.ts'
import { createDeployment } from './deployment.ts'
import type { KafkaForTests } from './kafka.ts'
import { waitFor } from './wait-for.ts'

const PARTITIONS = 2
const USERS = 1_500
const DEADLINE_MS = 240_000

/** A result: which visit of a user it is, and the sum of the numbers of all of them so far. */
export interface VisitRow {
  readonly user: string
  readonly n: number
  readonly visits: number
  readonly total: number
}

/**
 * Visits of users, some told twice, that are counted as they come: every result depends on all before it, so a lost,
 * doubled or forgotten row shows.
 */
export class VisitFlow {
  readonly spec: DeploymentSpec
  /** Visits fed. */
  fed = 0
  readonly #kafka: KafkaForTests
  readonly #topics: { readonly source: string; readonly results: string }

  private constructor(
    kafka: KafkaForTests,
    spec: DeploymentSpec,
    topics: { source: string; results: string },
  ) {
    this.#kafka = kafka
    this.spec = spec
    this.#topics = topics
  }

  /** Makes topics and spec. */
  static async deploy(kafka: KafkaForTests): Promise<VisitFlow> {
    const topics = { source: uniqueName('visits'), results: uniqueName('results') }
    for (const topic of Object.values(topics)) await kafka.createTopic(topic, PARTITIONS)
    const spec = await createDeployment({
      ...{ graph: visitGraph(topics), kafka, types: VisitFlow.types },
      ...{ partitions: { source: PARTITIONS }, topics: { source: topics.source, out: topics.results } },
    })
    return new VisitFlow(kafka, spec, topics)
  }

  static readonly types = { catalogue, runtimes }

  /** Sends more visits. */
  async feed(count: number): Promise<void> {
    const visits = Array.from({ length: count }, (_, i) => visit(this.fed + i))
    this.fed += count
    const told = visits.flatMap((value) => (value.n % 3 === 0 ? [value, value] : [value]))
    await this.#kafka.produce(
      this.#topics.source,
      told.map((value) => ({ key: value.user, value })),
    )
  }

  /** The results that have come out. */
  async rows(): Promise<VisitRow[]> {
    const records = await this.#kafka.readAll(this.#topics.results)
    return records.map(({ value }) => JSON.parse(value ?? '') as VisitRow)
  }

  /** Visits that have no result yet. */
  async inFlight(): Promise<number> {
    return this.fed - (await this.rows()).length
  }

  /** Waits until every visit has a result. */
  async hasAll(): Promise<void> {
    await waitFor('every visit has a result', async () => (await this.inFlight()) <= 0, DEADLINE_MS)
  }

  /** By number of the visit, what its result must be. */
  expected(): Map<number, VisitRow> {
    const sums = new Map<string, { visits: number; total: number }>()
    return new Map(
      Array.from({ length: this.fed }, (_, i) => {
        const { user, n } = visit(i)
        const { visits, total } = sums.get(user) ?? { visits: 0, total: 0 }
        const sum = { visits: visits + 1, total: total + n }
        sums.set(user, sum)
        return [n, { user, n, ...sum }]
      }),
    )
  }
}

function visit(n: number): { user: string; n: number } {
  return { user: `u${n % USERS}`, n }
}

function visitGraph({ source, results }: { source: string; results: string }): PipelineGraph {
  const nodes = [
    step('source', 'kafka', 'Visits', {
      ...{ connection: 'kafka', topic: source, keyedBy: ['user'], maxAhead: null },
      fields: [
        { name: 'user', type: 'string not null' },
        { name: 'n', type: 'int64 not null' },
      ],
    }),
    step('dedupe', 'dedupe', 'Once', { key: ['user', 'n'], ttl: 86_400_000 }),
    step('running', 'running', 'So far', {
      groupBy: ['user'],
      aggregates: [
        { function: 'count', as: 'visits' },
        { function: 'sum', argument: 'n', as: 'total' },
      ],
    }),
    step('out', 'kafka-sink', 'Results', { connection: 'kafka', topic: results, key: [] }),
  ]
  return { format: 1, name: 'Visits', nodes, edges: chain(nodes), layout: {} }
}
