import { randomBytes } from 'node:crypto'
import {
  type DeploymentSpec,
  deadLetterHeaders,
  type InputMetrics,
  type MetricBatch,
  type Problem,
  type RunSettings,
  redisKeys,
  type TaskReport,
  topicNames,
} from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import type { ElasticsearchConfig, KafkaSourceConfig } from '@millrace/nodes'
import type { Redis } from 'ioredis'
import { chain, step } from '../../api/src/templates/build.ts'
import { createDeployment, writeDesired } from './deployment.ts'
import type { KafkaForTests } from './kafka.ts'
import { waitFor } from './wait-for.ts'

const PARTITIONS = 2
const DEADLINE_MS = 240_000
/** Documents in one answer. */
const PAGE = 10_000

/** Where a flow of documents goes. */
export interface DocumentFlowOptions {
  readonly kafka: KafkaForTests
  readonly redis: Redis
  /** What the executor is told: a gate, say. */
  readonly address: string
  /** The real Elasticsearch. */
  readonly elasticsearch: string
  readonly settings?: Partial<RunSettings>
  /** Drops repeated events behind a repartition, on the way to Elasticsearch. */
  readonly hasRepartition?: boolean
  /** So many ids take turns. */
  readonly ids?: number
}

/** A document as a search gives it. */
interface Hit {
  readonly _id: string
  readonly _version: string
  readonly _source: { readonly n: number }
}

/** A document as Elasticsearch has it. */
interface Found {
  readonly n: number
  readonly version: bigint
}

/**
 * Events that become documents in Elasticsearch, each id again and again with a higher number; says exactly what must
 * be there in the end.
 */
export class DocumentFlow {
  readonly spec: DeploymentSpec
  readonly alias: string
  /** Events fed. */
  fed = 0
  readonly #options: DocumentFlowOptions
  readonly #topic: string
  /** By document id: its newest number. */
  readonly #expected = new Map<string, number>()

  private constructor(options: DocumentFlowOptions, spec: DeploymentSpec, topic: string, alias: string) {
    this.#options = options
    this.spec = spec
    this.#topic = topic
    this.alias = alias
  }

  /** Makes topic, template and deployment, and says that it should run. */
  static async deploy(options: DocumentFlowOptions): Promise<DocumentFlow> {
    const { kafka, redis, address, settings = {}, hasRepartition = false } = options
    const alias = `documents-${randomBytes(4).toString('hex')}`
    await kafka.createTopic(alias, PARTITIONS)
    const graph = documentGraph(alias, alias, hasRepartition)
    const spec = await createDeployment({
      ...{ graph, kafka, elasticsearch: address, settings },
      ...{ partitions: { in: PARTITIONS }, topics: { in: alias } },
    })
    await writeDesired(redis, spec)
    return new DocumentFlow(options, spec, alias, alias)
  }

  /** The only index. */
  get index(): string {
    return `${this.alias}-all`
  }

  /** Sends more events. */
  async feed(count: number): Promise<void> {
    const { ids = 400 } = this.#options
    const records = Array.from({ length: count }, (_, j) => {
      const n = this.fed + j
      const id = `d${n % ids}`
      this.#expected.set(id, n)
      return { key: id, value: { id, n, text: 'fine' } }
    })
    this.fed += count
    await this.#options.kafka.produce(this.#topic, records)
  }

  /** Sends an event that can become no document. */
  async feedBad(event: { readonly id: string; readonly text: string }): Promise<void> {
    await this.#options.kafka.produce(this.#topic, [{ key: event.id, value: { ...event, n: -1 } }])
  }

  /** The document of this id is to be a dead letter, and not there. */
  forget(id: string): void {
    this.#expected.delete(id)
  }

  /** By id what must be there. */
  get expected(): ReadonlyMap<string, number> {
    return this.#expected
  }

  /** By id what is there. */
  async found(): Promise<Map<string, Found>> {
    const { elasticsearch } = this.#options
    const all = new Map<string, Found>()
    await fetch(`${elasticsearch}/${this.alias}/_refresh`, { method: 'POST' })
    for (let hits = await this.#page(null); hits.length > 0; ) {
      for (const { _id, _version, _source } of hits) all.set(_id, { n: _source.n, version: BigInt(_version) })
      hits = hits.length < PAGE ? [] : await this.#page(hits.at(-1)?._source.n ?? null)
    }
    return all
  }

  /** Documents in the order of their numbers, which differ. */
  async #page(after: number | null): Promise<Hit[]> {
    const answer = await fetch(`${this.#options.elasticsearch}/${this.alias}/_search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ size: PAGE, version: true, sort: [{ n: 'asc' }] },
        ...(after !== null && { search_after: [after] }),
      }),
    })
    if (!answer.ok) return []
    // Versions have more digits than a number holds.
    const text = (await answer.text()).replace(/"_version":(\d+)/g, '"_version":"$1"')
    return (JSON.parse(text) as { hits: { hits: Hit[] } }).hits.hits
  }

  /** Waits until every document is there as it must be; gives all that are there. */
  async isExact(): Promise<ReadonlyMap<string, Found>> {
    return waitFor(
      'every document is as it must be',
      async () => {
        if ((await this.#count()) < this.#expected.size) return false
        const found = await this.found()
        const isRight = [...this.#expected].every(([id, n]) => found.get(id)?.n === n)
        return isRight && found
      },
      DEADLINE_MS,
    )
  }

  async #count(): Promise<number> {
    const { elasticsearch } = this.#options
    await fetch(`${elasticsearch}/${this.alias}/_refresh`, { method: 'POST' })
    const answer = await fetch(`${elasticsearch}/${this.alias}/_count`)
    return answer.ok ? ((await answer.json()) as { count: number }).count : 0
  }

  /** Documents that are not as they must be yet. */
  async missing(): Promise<number> {
    const found = await this.found()
    return [...this.#expected].filter(([id, n]) => found.get(id)?.n !== n).length
  }

  /** Reports of the tasks. */
  async reports(): Promise<TaskReport[]> {
    const all = await this.#options.redis.hgetall(redisKeys.tasks(this.spec.deployment))
    return Object.values(all).map((text) => JSON.parse(text) as TaskReport)
  }

  /** Waits until a task tells a problem; gives the task's report. */
  async untilProblem(code: Problem['code']): Promise<TaskReport> {
    return waitFor(
      `a task tells ${code}`,
      async () => (await this.reports()).find(({ problem }) => problem?.code === code),
      DEADLINE_MS,
    )
  }

  /** Waits until every task runs without a problem. */
  async untilFine(): Promise<void> {
    const { stages, deliveries } = this.spec.plan
    const tasks = [...stages, ...deliveries].reduce((sum, stage) => sum + stage.tasks, 0)
    const isFine = ({ state, problem }: TaskReport) => state === 'running' && problem === null
    await waitFor(
      'every task runs and is fine',
      async () => {
        const reports = await this.reports()
        return reports.length === tasks && reports.every(isFine)
      },
      DEADLINE_MS,
    )
  }

  /** The inputs of all tasks, as the newest metrics show them. */
  async inputs(): Promise<InputMetrics[]> {
    const entries = await this.#options.redis.xrevrange(redisKeys.metrics, '+', '-', 'COUNT', 20)
    const batches = entries.map(([, [, text]]) => JSON.parse(text ?? '{}') as MetricBatch)
    const newest = batches.find(({ deployment }) => deployment === this.spec.deployment)
    return newest?.tasks.flatMap(({ inputs }) => inputs) ?? []
  }

  /** Records that wait unread in a topic. */
  async unread(topic: string): Promise<number> {
    const { client } = this.#options.kafka
    const at = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }))
    const starts = await client.listOffsets(at, 'earliest')
    const ends = await client.listOffsets(at, 'last-stable')
    return ends.reduce((sum, { offset }, i) => sum + (offset ?? 0) - (starts[i]?.offset ?? 0), 0)
  }

  /** Waits until everything that was fed is committed at both ends: nothing is on its way any more. */
  async isSettled(): Promise<void> {
    const { deployment, plan } = this.spec
    const inputs = plan.stages.flatMap(({ id, inputs: [first] }) => {
      const topic = first?.kind === 'repartition' ? topicNames.repartition(this.spec, id) : this.#topic
      return [[topicNames.group(this.spec, id), topic] as const]
    })
    const groups = [...inputs, [topicNames.deliveryGroup(deployment, 'out'), this.outbox] as const]
    await waitFor(
      'positions are at the ends of their topics',
      async () => {
        for (const [group, topic] of groups) if (!(await this.#isAtEnd(group, topic))) return false
        return true
      },
      DEADLINE_MS,
    )
  }

  async #isAtEnd(group: string, topic: string): Promise<boolean> {
    const { client } = this.#options.kafka
    const at = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }))
    const ends = await client.listOffsets(at, 'last-stable')
    const positions = await client.committedOffsets(group, at)
    return ends.every(({ offset }, i) => offset === (positions[i]?.offset ?? 0))
  }

  /** The outbox of the sink. */
  get outbox(): string {
    return topicNames.outbox(this.spec.deployment, 'out')
  }

  /** Dead letters: code, reason and event. */
  async deadLetters() {
    const letters = await this.#options.kafka.readRaw(topicNames.dead(this.spec.deployment))
    return letters.map(({ headers, value }) => ({
      code: headers[deadLetterHeaders.code] ?? '',
      message: headers[deadLetterHeaders.message] ?? '',
      id: (JSON.parse(String(value)) as { id: string }).id,
    }))
  }
}

function documentGraph(topic: string, alias: string, hasRepartition: boolean): PipelineGraph {
  const nodes = [
    step('in', 'kafka', 'In', {
      ...{ connection: 'kafka', topic, format: 'json' },
      fields: [
        { name: 'id', type: 'string not null' },
        { name: 'n', type: 'int64 not null' },
        { name: 'text', type: 'string not null' },
      ],
      ...{ eventTime: null, outOfOrderness: 0, idleTimeout: 1_000, maxAhead: null, keyedBy: ['id'] },
    } satisfies KafkaSourceConfig),
    ...(hasRepartition ? [step('once', 'dedupe', 'Once', { key: ['n'], ttl: 86_400_000 })] : []),
    step('out', 'elasticsearch', 'Documents', {
      ...{ connection: 'elasticsearch', alias, index: 'single', dateField: null, id: '{id}' },
      fields: [
        { field: 'id', type: 'keyword' },
        { field: 'n', type: 'long' },
        { field: 'text', type: 'keyword' },
      ],
      ...{ timeField: null, refreshSeconds: 1, bulkDocuments: 1_000 },
      ...{ shards: 1, replicas: 0, retentionDays: null },
    } satisfies ElasticsearchConfig),
  ]
  return { format: 1, name: 'Documents', nodes, edges: chain(nodes), layout: {} }
}
