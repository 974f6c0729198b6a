import type { PublishPlan } from '@millrace/contracts'
import { ownerOf, type PartitionCounts, type Program, prepareProgram } from '@millrace/engine'
import { counted, diffGraphs, type Issue, type PipelineGraph, validate } from '@millrace/graph'
import type { Deployment } from '../generated/prisma/client.ts'
import type { TestedGraph } from '../tests/tested-graph.ts'
import type { Control } from './control.ts'
import { type PlannedGeneration, readGeneration } from './generations.ts'
import { internalTopics } from './internal-topics.ts'
import { type GenerationPlan, planGeneration } from './plan-generation.ts'
import { lookAround, type World } from './world.ts'

/** What running a graph as the next generation would mean. */
export interface Outlook {
  readonly graph: PipelineGraph
  /** The deployment as it was when this was planned. */
  readonly deployment: Deployment
  readonly before: PlannedGeneration | null
  readonly isFreshRun: boolean
  readonly world: World
  /** Partitions of repartition and outbox topics. */
  readonly partitions: number
  /** Null where errors stand in the way. */
  readonly planned: GenerationPlan | null
  readonly issues: readonly Issue[]
}

/** Checks a graph, asks the systems that it uses, and plans its next generation. Changes nothing. */
export async function lookAhead(
  control: Control,
  deployment: Deployment,
  graph: PipelineGraph,
  isFreshRun: boolean,
): Promise<Outlook> {
  const found = validate(graph, control.catalogue)
  const [world, before] = await Promise.all([
    lookAround(control, graph),
    deployment.generation === 0 ? null : readGeneration(control.prisma, deployment.id, deployment.generation),
  ])
  const issues = [...found, ...world.issues]
  const outlook = { graph, deployment, before, isFreshRun, world }
  if (issues.some(isError))
    return { ...outlook, partitions: deployment.partitions ?? 1, planned: null, issues }
  const program = prepareProgram(graph, control.catalogue, control.runtimes)
  const counts = partitionCounts(program, deployment.partitions, (id) => world.topics.get(id)?.partitions)
  const planned = planGeneration({
    program,
    graph,
    counts,
    targets: deliveryTargets(world),
    generation: deployment.lastGeneration + 1,
    before: before && { generation: before.generation, facts: before.facts, graph: before.spec.graph },
    isFreshRun,
    nextStageNumber: deployment.nextStageNumber,
  })
  return { ...outlook, partitions: counts.repartition, planned, issues: [...issues, ...planned.issues] }
}

/** True for an issue that stands in the way of running. */
export function isError({ severity }: Issue): boolean {
  return severity === 'error'
}

/**
 * The partitions that a plan is made for. The repartition count is that of the widest source, fixed for the
 * deployment's life by its first publish.
 */
export function partitionCounts(
  program: Program,
  fixed: number | null,
  partitionsOf: (nodeId: string) => number | undefined,
): PartitionCounts {
  const sources = new Map(
    program.nodes.flatMap(({ node, runtime }): [string, number][] => {
      if (runtime.role === 'topic-source') return [[node.id, partitionsOf(ownerOf(node.id)) ?? 1]]
      if (runtime.role === 'generator-source') return [[node.id, runtime.partitions(node.config)]]
      return []
    }),
  )
  return {
    source: (nodeId) => sources.get(nodeId) ?? 1,
    repartition: fixed ?? Math.max(1, ...sources.values()),
  }
}

function deliveryTargets({ aliases }: World) {
  return aliases.map(({ nodeId, connection, alias }) => ({ nodeId, connection, target: alias }))
}

/** The outlook as the editor shows it before a publish. */
export function shownPlan(outlook: Outlook, tests: TestedGraph, nextVersion: number): PublishPlan {
  const { graph, deployment, before, planned, issues } = outlook
  const changes = before ? diffGraphs(before.spec.graph, graph) : null
  return {
    nextVersion,
    liveVersion: deployment.version,
    issues: [...issues, ...tests.issues].map((issue) => ({ ...issue, path: [...issue.path] })),
    tests: tests.counts,
    changes: {
      added: changes ? [...changes.added] : graph.nodes.map(({ id }) => id),
      removed: [...(changes?.removed ?? [])],
      changed: (changes?.changed ?? []).map(({ nodeId }) => nodeId),
    },
    state: [...(planned?.fates ?? [])],
    drains: (planned?.facts.drains ?? null) !== null,
    creates: planned ? created(outlook, planned) : [],
  }
}

function created({ world, deployment, before, isFreshRun, partitions }: Outlook, { plan }: GenerationPlan) {
  const run = isFreshRun ? deployment.lastRun + 1 : deployment.run
  const name = { deployment: deployment.id, run }
  const earlier = before && !isFreshRun ? internalTopics(before.spec.plan, name, partitions) : []
  const known = new Set(earlier.map((topic) => topic.name))
  const internal = internalTopics(plan, name, partitions).filter((topic) => !known.has(topic.name))
  const count = internal.length
  return [
    ...world.missingSinks.map(({ topic }) => `topic ${topic} (${counted(partitions, 'partition')})`),
    ...world.aliases.map(({ alias }) => `index template for ${alias}`),
    ...(count > 0 ? [counted(count, 'internal topic')] : []),
  ]
}
