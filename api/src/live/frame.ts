import {
  type DeploymentSummary,
  type InputMetrics,
  type LiveFrame,
  type LiveNode,
  type LivePartition,
  mergeSketches,
  type NodeMetrics,
  type ProblemBody,
  quantile,
} from '@millrace/contracts'
import { isFresh, type NodeRates, type TaskSample } from './metric-board.ts'

/** What a frame is made of beside metrics. */
export interface FrameFacts {
  readonly at: number
  readonly deployment: DeploymentSummary
  readonly problems: readonly ProblemBody[]
}

/** Adds up the samples of all tasks of a deployment. */
export function buildFrame(
  samples: readonly TaskSample[],
  { at, deployment, problems }: FrameFacts,
): LiveFrame {
  const fresh = samples.filter((sample) => isFresh(sample, at))
  const partitions = partitionsOf(fresh)
  const nodes = nodesOf(samples, new Set(fresh))
  return {
    at,
    deployment,
    nodes: nodes.map((node) => ({ ...node, watermark: node.watermark ?? sourceWatermark(partitions, node) })),
    partitions,
    commits: commitsOf(fresh),
    executors: new Set(fresh.map(({ executor }) => executor)).size,
    problems: [...problems],
  }
}

/** Kinds of inputs whose unread records count as being behind (exactly-once.md P7). */
const BEHIND: ReadonlySet<InputMetrics['kind']> = new Set(['source', 'repartition', 'outbox'])

/** Events per second into the sources, and records behind; null while nothing is known. */
export function throughput(
  samples: readonly TaskSample[],
  now: number,
): { readonly rate: number | null; readonly lag: number | null } {
  const fresh = samples.filter((sample) => isFresh(sample, now))
  if (fresh.length === 0) return { rate: null, lag: null }
  const sources = new Set(
    fresh.flatMap(({ task }) =>
      task.inputs.filter(({ kind }) => kind === 'source').map(({ nodeId }) => nodeId),
    ),
  )
  const rates = fresh.flatMap((sample) => [...sample.rates].filter(([nodeId]) => sources.has(nodeId)))
  return {
    rate: sum(rates.map(([, { in: rate }]) => rate)),
    lag: sum(partitionsOf(fresh).map(({ kind, lag }) => (BEHIND.has(kind) ? lag : 0))),
  }
}

interface NodePart {
  readonly node: NodeMetrics
  /** Null where the task says nothing now: its totals still count. */
  readonly rates: NodeRates | null
  readonly isFresh: boolean
}

function nodesOf(samples: readonly TaskSample[], fresh: ReadonlySet<TaskSample>): LiveNode[] {
  const parts = samples.flatMap((sample) =>
    sample.task.nodes.map((node): NodePart => {
      const isCurrent = fresh.has(sample)
      return { node, isFresh: isCurrent, rates: isCurrent ? (sample.rates.get(node.nodeId) ?? null) : null }
    }),
  )
  const byNode = Map.groupBy(parts, ({ node }) => node.nodeId)
  return [...byNode].sort(([a], [b]) => compare(a, b)).map(([nodeId, ofNode]) => addUp(nodeId, ofNode))
}

function addUp(nodeId: string, parts: readonly NodePart[]): LiveNode {
  const total = (name: 'in' | 'out' | 'filtered' | 'late' | 'errors') =>
    sum(parts.map(({ node }) => node[name]))
  const rate = (name: keyof NodeRates) => sum(parts.map(({ rates }) => rates?.[name] ?? 0))
  const current = parts.filter((part) => part.isFresh).map(({ node }) => node)
  const latency = mergeSketches(current.map((node) => node.latency))
  return {
    nodeId,
    in: total('in'),
    out: total('out'),
    filtered: total('filtered'),
    late: total('late'),
    errors: total('errors'),
    inRate: rate('in'),
    outRate: rate('out'),
    errorRate: rate('errors'),
    lateRate: rate('late'),
    p50: quantile(latency, 0.5),
    p99: quantile(latency, 0.99),
    watermark: smallest(current.map(({ watermark }) => watermark)),
  }
}

/** Every task reads the whole of a reference topic: of several reports on one partition, the furthest behind counts. */
function partitionsOf(fresh: readonly TaskSample[]): LivePartition[] {
  const inputs = fresh.flatMap(({ task }) => task.inputs)
  const byPartition = Map.groupBy(inputs, ({ nodeId, kind, partition }) => `${nodeId}\n${kind}\n${partition}`)
  const furthest = [...byPartition.values()].map((reports) =>
    reports.reduce((worst, report) => (report.lag > worst.lag ? report : worst)),
  )
  return furthest.sort(
    (a, b) => compare(a.nodeId, b.nodeId) || compare(a.kind, b.kind) || a.partition - b.partition,
  )
}

/**
 * Where the event time of a source stands (semantics rules 1 and 4): at the slowest partition that is not idle, at the
 * furthest one when all are; null while a partition that is not idle has had no record.
 */
function sourceWatermark(partitions: readonly LivePartition[], { nodeId }: LiveNode): number | null {
  const own = partitions.filter((partition) => partition.nodeId === nodeId && partition.kind === 'source')
  const active = own.filter(({ idle }) => !idle)
  if (active.some(({ watermark }) => watermark === null)) return null
  if (active.length > 0) return smallest(active.map(({ watermark }) => watermark))
  const known = own.flatMap(({ watermark }) => watermark ?? [])
  return known.length === 0 ? null : Math.max(...known)
}

function commitsOf(fresh: readonly TaskSample[]): LiveFrame['commits'] {
  const count = sum(fresh.map(({ task }) => task.commits.count))
  const perSecond = (name: 'count' | 'bytes') =>
    sum(fresh.map(({ task, interval }) => (interval > 0 ? (task.commits[name] * 1_000) / interval : 0)))
  return {
    perSecond: perSecond('count'),
    meanMs: count === 0 ? null : sum(fresh.map(({ task }) => task.commits.ms)) / count,
    bytesPerSecond: perSecond('bytes'),
  }
}

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.min(...known)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
