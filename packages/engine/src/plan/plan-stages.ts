import type { PreAggregation, TransformRuntime } from '../operator.ts'
import { type Cuts, findCuts, type PartitionCounts } from './find-cuts.ts'
import { inputIndex, outputIndex, type Program, type ProgramNode } from './program.ts'
import {
  type DeploymentPlan,
  inputName,
  type OperatorRole,
  type PlannedCut,
  type PlannedEdge,
  type PlannedOperator,
  type StageInput,
  type StagePlan,
} from './stage-plan.ts'

/**
 * Cuts a program into stages. Stages are named `s1`, `s2`, … in topological order; `nameStages` gives them the ids
 * that outlive a publish. With one partition everywhere the whole program is one stage.
 */
export function planStages(program: Program, counts: PartitionCounts): DeploymentPlan {
  const cuts = findCuts(program, counts)
  const groups = groupNodes(program, cuts)
  const stageOf = new Map(
    groups.flatMap((nodes, i) => nodes.map((node) => [node.node.id, `s${i + 1}`] as const)),
  )
  const inputs = new Map(groups.map((nodes, i) => [`s${i + 1}`, stageInputs(nodes, cuts, stageOf, counts)]))
  const stages = groups.map((nodes, i) =>
    draftStage(`s${i + 1}`, nodes, { program, cuts, stageOf, inputs, counts }),
  )
  const deliveries = program.nodes
    .filter(({ runtime }) => runtime.role === 'outbox-sink')
    .map(({ node }) => ({ nodeId: node.id, tasks: counts.repartition }))
  return { stages, deliveries }
}

/** The pre-aggregation of a keyed node whose input is cut; null where every row must cross by itself, as changes must. */
export function preAggregationOf(node: ProgramNode): PreAggregation | null {
  const [input] = node.inputs
  if (node.runtime.role !== 'transform' || input?.updates) return null
  const connected = new Set(node.outgoing.map((edge) => edge.from.port))
  return (input && node.runtime.preAggregation?.(node.node.config, input, connected)) ?? null
}

interface Drafting {
  readonly program: Program
  readonly cuts: Cuts
  readonly stageOf: ReadonlyMap<string, string>
  readonly inputs: ReadonlyMap<string, readonly StageInput[]>
  readonly counts: PartitionCounts
}

/** Nodes that are connected without a cut, as groups in topological order of their first node. */
function groupNodes(program: Program, cuts: Cuts): ProgramNode[][] {
  const groupOf = new Map<string, ProgramNode[]>()
  for (const node of program.nodes) {
    const before = node.incoming.filter((edge) => !cuts.keys.has(edge.id))
    const [group = [], ...others] = new Set(before.map((edge) => groupOf.get(edge.from.node) ?? []))
    for (const member of [...others.flat(), node]) {
      group.push(member)
      groupOf.set(member.node.id, group)
    }
  }
  return [...new Set(groupOf.values())].sort((a, b) => level(a, cuts) - level(b, cuts))
}

function level(group: readonly ProgramNode[], cuts: Cuts): number {
  return cuts.levels.get(group[0]?.node.id ?? '') ?? 0
}

function stageInputs(
  nodes: readonly ProgramNode[],
  cuts: Cuts,
  stageOf: ReadonlyMap<string, string>,
  counts: PartitionCounts,
): StageInput[] {
  const sources = nodes
    .filter(isSource)
    .map(({ node }): StageInput => ({ kind: 'source', nodeId: node.id, partitions: counts.source(node.id) }))
  const references = nodes
    .filter((node) => node.reference === null && transformOf(node)?.reference?.(node.node.config))
    .map(({ node }): StageInput => ({ kind: 'reference', nodeId: node.id }))
  const repartitions = nodes.flatMap((node) =>
    node.definition.inputs.flatMap(({ name: port }): StageInput[] => {
      const cut = node.incoming.filter((edge) => edge.to.port === port && cuts.keys.has(edge.id))
      const from = [...new Set(cut.map((edge) => stageOf.get(edge.from.node) as string))]
      return from.length === 0 ? [] : [{ kind: 'repartition', nodeId: node.node.id, port, from }]
    }),
  )
  // Numbers of repartition inputs stand in messages: they must not move when another input comes or goes.
  return [repartitions, sources, references].flatMap((inputs) => inputs.sort(byName))
}

function draftStage(id: string, nodes: readonly ProgramNode[], drafting: Drafting): StagePlan {
  const inputs = drafting.inputs.get(id) as readonly StageInput[]
  const cuts: PlannedCut[] = []
  const partials: PlannedOperator[] = []
  const edges: PlannedEdge[] = inputEdges(nodes, inputs)
  for (const node of nodes) {
    for (const edge of node.outgoing) {
      const target = drafting.program.node(edge.to.node)
      const from = isSource(node)
        ? { input: inputs.findIndex((input) => input.kind === 'source' && input.nodeId === node.node.id) }
        : { operator: node.node.id, port: outputIndex(node, edge.from.port) }
      const to = { operator: target.node.id, input: inputIndex(target, edge.to.port) }
      if (!drafting.cuts.keys.has(edge.id)) edges.push({ from, to })
      else edges.push(...crossCut(from, target, edge.to.port, edge.id, { cuts, partials }, drafting))
    }
  }
  const operators = [
    ...nodes.filter((node) => !isSource(node)).map((node) => plan(node, role(node, drafting))),
    ...partials,
  ]
  const tasks = Math.max(...inputs.map((input) => widthOf(input, drafting.counts)))
  const eventTime = nodes.some((node) => transformOf(node)?.eventTime)
  const control = tasks > 1 && eventTime && inputs.some(({ kind }) => kind === 'source')
  return { id, identity: identityOf(nodes, inputs, drafting), tasks, inputs, operators, edges, cuts, control }
}

/** Edges that lead from the stage's repartition inputs to the nodes that read them. */
function inputEdges(nodes: readonly ProgramNode[], inputs: readonly StageInput[]): PlannedEdge[] {
  return inputs.flatMap((input, index): PlannedEdge[] => {
    if (input.kind !== 'repartition') return []
    const node = nodes.find(({ node: { id } }) => id === input.nodeId) as ProgramNode
    return [{ from: { input: index }, to: { operator: input.nodeId, input: inputIndex(node, input.port) } }]
  })
}

/** The edges that lead over a cut, with the partial operator and the cut itself where they are new to the stage. */
function crossCut(
  from: PlannedEdge['from'],
  target: ProgramNode,
  port: string,
  edgeId: string,
  stage: { cuts: PlannedCut[]; partials: PlannedOperator[] },
  { cuts, stageOf, inputs }: Drafting,
): PlannedEdge[] {
  const reader = stageOf.get(target.node.id) as string
  const input = (inputs.get(reader) ?? []).findIndex(
    (candidate) =>
      candidate.kind === 'repartition' && candidate.nodeId === target.node.id && candidate.port === port,
  )
  const key = cuts.keys.get(edgeId) ?? null
  let cut = stage.cuts.findIndex((known) => known.stage === reader && known.input === input)
  const known = cut >= 0
  if (!known) cut = stage.cuts.push({ stage: reader, input, key }) - 1
  if (key === null || preAggregationOf(target) === null) return [{ from, to: { cut } }]
  const partial = plan(target, 'partial')
  const into: PlannedEdge = { from, to: { operator: partial.id, input: 0 } }
  if (known) return [into]
  stage.partials.push(partial)
  return [into, { from: { operator: partial.id, port: 0 }, to: { cut } }]
}

function role(node: ProgramNode, { cuts }: Drafting): OperatorRole {
  const keyed = node.incoming.some((edge) => (cuts.keys.get(edge.id) ?? null) !== null)
  return keyed && preAggregationOf(node) !== null ? 'merge' : 'main'
}

function plan(node: ProgramNode, role: OperatorRole): PlannedOperator {
  const { id } = node.node
  if (role === 'partial') return { id: `${id}/partial`, nodeId: id, role, queued: false }
  const transform = transformOf(node)
  const queued = transform !== null && (transform.eventTime || isStateful(node) || node.incoming.length > 1)
  return { id, nodeId: id, role, queued }
}

/**
 * What makes a stage the same stage after a publish: its inputs, its cut and its set of stateful nodes
 * (exactly-once.md P1). References do not count: every task reads them whole, and a new one can join at any time.
 */
function identityOf(
  nodes: readonly ProgramNode[],
  inputs: readonly StageInput[],
  { cuts }: Drafting,
): string {
  const partitioned = inputs.filter(({ kind }) => kind !== 'reference')
  const read = partitioned.map((input) => {
    if (input.kind !== 'repartition') return [input.kind, input.nodeId]
    const node = nodes.find(({ node: { id } }) => id === input.nodeId) as ProgramNode
    const keys = node.incoming
      .filter((edge) => edge.to.port === input.port)
      .map((edge) => cuts.keys.get(edge.id) ?? null)
    return [input.kind, input.nodeId, input.port, keys[0]]
  })
  const stateful = nodes.filter(isStateful).map(({ node }) => node.id)
  return JSON.stringify({
    inputs: read.map((input) => JSON.stringify(input)).sort(),
    stateful: stateful.sort(),
  })
}

function byName(a: StageInput, b: StageInput): number {
  return inputName(a) < inputName(b) ? -1 : 1
}

function widthOf(input: StageInput, counts: PartitionCounts): number {
  if (input.kind === 'reference') return 1
  return input.kind === 'source' ? input.partitions : counts.repartition
}

function isSource({ runtime }: ProgramNode): boolean {
  return runtime.role === 'topic-source' || runtime.role === 'generator-source'
}

/** True where the node keeps keyed state. */
export function isStateful(node: ProgramNode): boolean {
  return transformOf(node)?.state !== undefined
}

function transformOf(node: ProgramNode): TransformRuntime<ProgramNode['node']['config']> | null {
  return node.runtime.role === 'transform' ? node.runtime : null
}
