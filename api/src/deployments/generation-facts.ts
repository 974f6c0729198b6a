import { isDeepStrictEqual } from 'node:util'
import { cutFields, type DeploymentPlan, isStateful, type Program, type StagePlan } from '@millrace/engine'
import type { JsonValue } from '@millrace/graph'

/** What the plan of the next generation must know of one that runs. Kept with it as JSON. */
export interface GenerationFacts {
  readonly stages: readonly StageFacts[]
  readonly deliveries: readonly DeliveryFacts[]
  readonly stateful: readonly StatefulFacts[]
  /** The generation that must first run to the end of its internal topics; null where none needs to. */
  readonly drains: number | null
  /**
   * Set where this generation returns to one before it while the generation in between has closed no stage yet: the
   * number of the generation in between. It may come into force only while that is so.
   */
  readonly undoes: number | null
}

/** A stage as it runs. */
export interface StageFacts {
  readonly id: string
  readonly identity: string
  readonly tasks: number
  /** Source nodes that it reads. */
  readonly sources: readonly string[]
  /** By input: what its repartition records look like; null for inputs of other kinds. */
  readonly crossing: readonly JsonValue[]
}

/** A sink with an outbox, and where it delivers to. */
export interface DeliveryFacts {
  readonly nodeId: string
  readonly connection: string
  /** What its documents share with those of other sinks, e.g. an alias. */
  readonly target: string
}

/** A node that keeps state. */
export interface StatefulFacts {
  readonly nodeId: string
  readonly type: string
  readonly label: string
  /** The stage that holds its state. */
  readonly stage: string
  readonly signature: JsonValue
  /** The generation in which its state began. */
  readonly birth: number
}

/** What a planned stage is, for comparison with the next plan. */
export function stageFacts(program: Program, stage: StagePlan): StageFacts {
  const crossing = stage.inputs.map((input, index): JsonValue => {
    if (input.kind !== 'repartition') return null
    const { nodeId, port } = input
    return asJson({ nodeId, port, fields: cutFields(program, stage, index) })
  })
  const sources = stage.inputs.flatMap((input) => (input.kind === 'source' ? [input.nodeId] : []))
  return { id: stage.id, identity: stage.identity, tasks: stage.tasks, sources, crossing }
}

/** The stateful nodes of a program, without their births. */
export function statefulNodes(program: Program, plan: DeploymentPlan): Omit<StatefulFacts, 'birth'>[] {
  return program.nodes.filter(isStateful).map(({ node, runtime, inputs }) => {
    const stage = plan.stages.find(({ operators }) =>
      operators.some(({ nodeId, role }) => nodeId === node.id && role !== 'partial'),
    )
    const layout = runtime.role === 'transform' ? runtime.state?.(node.config, inputs) : undefined
    return {
      nodeId: node.id,
      type: node.type,
      label: node.label,
      stage: stage?.id ?? '',
      signature: asJson(layout?.signature ?? null),
    }
  })
}

/** True where two facts say the same. */
export function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return isDeepStrictEqual(a, b)
}

/** The value as JSON keeps it, so that it equals what was kept before. */
function asJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue
}
