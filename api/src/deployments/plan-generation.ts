import type { RetiredStage, StateFate } from '@millrace/contracts'
import {
  type DeploymentPlan,
  nameStages,
  type PartitionCounts,
  type Program,
  planStages,
} from '@millrace/engine'
import { counted, diffGraphs, type Issue, type PipelineGraph } from '@millrace/graph'
import {
  type DeliveryFacts,
  type GenerationFacts,
  isSame,
  type StageFacts,
  type StatefulFacts,
  stageFacts,
  statefulNodes,
} from './generation-facts.ts'

/** What a new generation is planned from. */
export interface PlanInput {
  readonly program: Program
  readonly graph: PipelineGraph
  readonly counts: PartitionCounts
  /** Where each sink with an outbox delivers to. */
  readonly targets: readonly DeliveryFacts[]
  /** The number of the new generation. */
  readonly generation: number
  /** The generation that it follows; null for the first one. */
  readonly before: EarlierGeneration | null
  /** True where it begins a run of its own, with empty state and positions of its own. */
  readonly isFreshRun: boolean
  readonly nextStageNumber: number
}

/** The generation that a new one follows. */
export interface EarlierGeneration {
  readonly generation: number
  readonly facts: GenerationFacts
  readonly graph: PipelineGraph
}

/** A planned generation, and how it differs from the one before. */
export interface GenerationPlan {
  readonly plan: DeploymentPlan
  readonly nextStageNumber: number
  readonly facts: GenerationFacts
  /** What happens to the state of each node. */
  readonly fates: readonly StateFate[]
  readonly retired: readonly RetiredStage[]
  /** Why it cannot follow the generation before, though it could run by itself. */
  readonly issues: readonly Issue[]
}

/**
 * Plans a generation: stages with lasting ids, what becomes of every node's state, and whether the generation before
 * must be drained (exactly-once.md P1 and P9). Pure.
 */
export function planGeneration(input: PlanInput): GenerationPlan {
  const { program, before, isFreshRun } = input
  const known = before?.facts.stages ?? []
  const { plan, nextStageNumber } = nameStages(
    planStages(program, input.counts),
    known,
    input.nextStageNumber,
  )
  const stages = plan.stages.map((stage) => stageFacts(program, stage))
  const fates = statefulNodes(program, plan).map((node) => ({ node, ...fateOf(node, input) }))
  const facts: Omit<GenerationFacts, 'drains'> = {
    stages,
    deliveries: input.targets.filter(({ nodeId }) => plan.deliveries.some((one) => one.nodeId === nodeId)),
    stateful: fates.map(({ node, birth }) => ({ ...node, birth })),
    undoes: null,
  }
  return {
    plan,
    nextStageNumber,
    facts: { ...facts, drains: drainedGeneration(input, facts) },
    fates: [...fates.map(({ node, fate, reason }) => shownFate(node, fate, reason)), ...removedFates(input)],
    retired: retiredStages(known, stages, isFreshRun),
    issues: isFreshRun ? [] : changedWidths(known, stages),
  }
}

interface Fate {
  readonly fate: StateFate['fate']
  readonly reason: string
  readonly birth: number
}

function fateOf(node: Omit<StatefulFacts, 'birth'>, input: PlanInput): Fate {
  const { generation, before, isFreshRun } = input
  const known = before?.facts.stateful.find(({ nodeId }) => nodeId === node.nodeId)
  if (known === undefined) return { fate: 'new', reason: 'it begins with this version', birth: generation }
  const reason = isFreshRun ? 'a fresh run begins without state' : whyEmpty(known, node, input)
  if (reason !== null) return { fate: 'empty', reason, birth: generation }
  return { fate: 'keep', reason: 'nothing that its state depends on has changed', birth: known.birth }
}

function whyEmpty(known: StatefulFacts, node: Omit<StatefulFacts, 'birth'>, input: PlanInput): string | null {
  if (known.type !== node.type) return 'it is another kind of node now'
  if (!isSame(known.signature, node.signature)) return whatChanged(node.nodeId, input)
  if (known.stage !== node.stage) return 'it moved to another stage: state starts empty in this version'
  return null
}

/** The settings that changed, by the titles of their form. */
function whatChanged(nodeId: string, { program, graph, before }: PlanInput): string {
  const changes = before ? diffGraphs(before.graph, graph).changed : []
  const paths = changes.find((change) => change.nodeId === nodeId)?.configPaths ?? []
  const settings = [...new Set(paths.flatMap(([name]) => (name === undefined ? [] : [name])))]
  if (settings.length === 0) return 'the fields that it keeps changed'
  const schema = program.node(nodeId).definition.config as { properties?: Record<string, { title?: string }> }
  const titles = settings.map((name) => {
    const title = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name]?.title : undefined
    return `"${title ?? name}"`
  })
  return `its ${titles.join(' and ')} changed`
}

function shownFate(
  { nodeId, label }: Pick<StatefulFacts, 'nodeId' | 'label'>,
  fate: StateFate['fate'],
  reason: string,
): StateFate {
  return { nodeId, label, fate, reason }
}

function removedFates({ before, graph }: PlanInput): StateFate[] {
  const left = new Set(graph.nodes.map(({ id }) => id))
  const gone = (before?.facts.stateful ?? []).filter(({ nodeId }) => !left.has(nodeId))
  return gone.map((node) => shownFate(node, 'removed', 'the node is gone, and its state goes with it'))
}

/** In a fresh run they are only closed: their positions mean nothing to it. */
function retiredStages(
  before: readonly StageFacts[],
  now: readonly StageFacts[],
  isFreshRun: boolean,
): RetiredStage[] {
  const ids = new Set(now.map(({ id }) => id))
  const gone = before.filter(({ id }) => !ids.has(id))
  return gone.map(({ id, tasks, sources }) => ({ id, tasks, sources: isFreshRun ? [] : sources }))
}

function drainedGeneration(
  { before, isFreshRun }: PlanInput,
  now: Omit<GenerationFacts, 'drains'>,
): number | null {
  return !isFreshRun && before !== null && needsDrain(before.facts, now) ? before.generation : null
}

/** A stage or a delivery that ends, or rows of another shape between stages: what is under way must arrive first. */
function needsDrain(before: GenerationFacts, now: Omit<GenerationFacts, 'drains'>): boolean {
  const stages = new Map(now.stages.map((stage) => [stage.id, stage]))
  const changed = before.stages.some(({ id, crossing }) => {
    const stage = stages.get(id)
    return stage === undefined || !isSame(crossing, stage.crossing)
  })
  const ends = ({ nodeId }: DeliveryFacts) => !now.deliveries.some((delivery) => delivery.nodeId === nodeId)
  return changed || before.deliveries.some(ends)
}

/** The tasks of a stage are fixed: keys would move between partitions. */
function changedWidths(before: readonly StageFacts[], now: readonly StageFacts[]): Issue[] {
  return now.flatMap((stage) => {
    const earlier = before.find(({ id }) => id === stage.id)
    if (earlier === undefined || earlier.tasks === stage.tasks) return []
    const message = `Its input now has ${counted(stage.tasks, 'partition')} and had ${earlier.tasks}, so keys would move between tasks: stop the pipeline and start it as a fresh run.`
    return [
      {
        code: 'partitions_changed',
        severity: 'error' as const,
        nodeId: stage.sources[0] ?? null,
        path: [],
        message,
      },
    ]
  })
}
