/**
 * How a graph runs: stages between cuts, and deliveries behind outboxes. Plain JSON: it travels in the deployment
 * spec and is shown to engineers.
 */
export interface DeploymentPlan {
  readonly stages: readonly StagePlan[]
  readonly deliveries: readonly DeliveryPlan[]
}

/** The nodes between two cuts. A task is a stage times a partition. */
export interface StagePlan {
  /** Stable over publishes while `identity` stays the same; names topics, group and transactional ids. */
  readonly id: string
  /** What the stage is: its inputs, its cut and its stateful nodes. */
  readonly identity: string
  /** Number of tasks: the partitions of its widest input. */
  readonly tasks: number
  /** The index of an input is its number in repartition messages. */
  readonly inputs: readonly StageInput[]
  /** In topological order, sinks included. */
  readonly operators: readonly PlannedOperator[]
  readonly edges: readonly PlannedEdge[]
  /** What the stage writes to other stages. */
  readonly cuts: readonly PlannedCut[]
  /** True where tasks tell each other their watermarks through a control topic. */
  readonly control: boolean
}

/** The stage with this id. */
export function stageOf(plan: DeploymentPlan, id: string): StagePlan {
  const stage = plan.stages.find((candidate) => candidate.id === id)
  if (stage === undefined) throw new Error(`the plan has no stage ${id}`)
  return stage
}

/** Where records of a stage come from. */
export type StageInput = SourceInput | ReferenceInput | RepartitionInput

/** A source node: a topic's partition or a virtual partition of a generator. */
export interface SourceInput {
  readonly kind: 'source'
  readonly nodeId: string
  /** Tasks with an index below this have a partition of it. */
  readonly partitions: number
}

/** The reference topic of a node, read whole by every task. */
export interface ReferenceInput {
  readonly kind: 'reference'
  readonly nodeId: string
}

/** The stage's repartition topic, as the input of one keyed node. */
export interface RepartitionInput {
  readonly kind: 'repartition'
  readonly nodeId: string
  readonly port: string
  /** The stages that write it. */
  readonly from: readonly string[]
}

/** A name for an input that does not depend on its place in the plan. */
export function inputName(input: StageInput): string {
  return input.kind === 'repartition'
    ? `repartition:${input.nodeId}:${input.port}`
    : `${input.kind}:${input.nodeId}`
}

/** One node at work in a stage. A pre-aggregating node works twice: `partial` before the cut, `merge` behind it. */
export interface PlannedOperator {
  /** The node id, with `/partial` where that is the role. */
  readonly id: string
  readonly nodeId: string
  readonly role: OperatorRole
  /** True where it stands still until all its input of a batch is there: state, timers, several inputs. */
  readonly queued: boolean
}

/** Which part of a node an operator plays. */
export type OperatorRole = 'main' | 'partial' | 'merge'

/** Records flow from an input or an operator's output port to an operator's input or a cut. */
export interface PlannedEdge {
  readonly from: { readonly input: number } | { readonly operator: string; readonly port: number }
  readonly to: { readonly operator: string; readonly input: number } | { readonly cut: number }
}

/** A repartition: rows go to the partition of their key in another stage's topic. */
export interface PlannedCut {
  readonly stage: string
  /** Input of the reading stage. */
  readonly input: number
  /** Fields of the key; null keeps the partition index. */
  readonly key: readonly string[] | null
}

/** A sink outside Kafka: documents wait in the outbox and are delivered from there. Named by the sink node. */
export interface DeliveryPlan {
  readonly nodeId: string
  /** Partitions of the outbox, and so delivery tasks. */
  readonly tasks: number
}
