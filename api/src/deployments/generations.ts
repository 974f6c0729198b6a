import type { DeploymentSpec } from '@millrace/contracts'
import type { DeploymentPlan } from '@millrace/engine'
import type { Deployment, Generation, Prisma } from '../generated/prisma/client.ts'
import type { GenerationFacts } from './generation-facts.ts'

/** A generation as it was planned. */
export interface PlannedGeneration {
  readonly generation: number
  readonly version: number
  readonly run: number
  /** Its topics are those that were there when it was planned, until `isComplete`. */
  readonly spec: DeploymentSpec
  readonly facts: GenerationFacts
  /** True once all its topics exist and the spec names them. */
  readonly isComplete: boolean
}

/** Reads a generation of a deployment; throws where there is none. */
export async function readGeneration(
  tx: Prisma.TransactionClient,
  deploymentId: string,
  generation: number,
): Promise<PlannedGeneration> {
  const where = { deploymentId_generation: { deploymentId, generation } }
  return parseGeneration(await tx.generation.findUniqueOrThrow({ where }))
}

/** The plans of the generations in force, read once each: a plan never changes. */
export class PlanCache {
  readonly #tx: Prisma.TransactionClient
  readonly #plans: Map<string, { readonly generation: number; readonly plan: DeploymentPlan }>

  constructor(tx: Prisma.TransactionClient) {
    this.#tx = tx
    this.#plans = new Map()
  }

  /** The plan in force. */
  async of({ id, generation }: Pick<Deployment, 'id' | 'generation'>): Promise<DeploymentPlan> {
    const known = this.#plans.get(id)
    if (known?.generation === generation) return known.plan
    const { spec } = await readGeneration(this.#tx, id, generation)
    this.#plans.set(id, { generation, plan: spec.plan })
    return spec.plan
  }

  /** Forgets the deployments that are not listed. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#plans.keys()) if (!ids.has(id)) this.#plans.delete(id)
  }
}

/** What is kept of a new generation. */
export function generationRow(
  spec: DeploymentSpec,
  facts: GenerationFacts,
): Prisma.GenerationUncheckedCreateInput {
  const { deployment, generation, run, version } = spec
  return {
    deploymentId: deployment,
    generation,
    run,
    version,
    spec: JSON.stringify(spec),
    facts: JSON.stringify(facts),
  }
}

function parseGeneration({ generation, version, run, spec, topics, facts }: Generation): PlannedGeneration {
  const planned = JSON.parse(spec) as DeploymentSpec
  const known = topics === null ? planned.topics : (JSON.parse(topics) as DeploymentSpec['topics'])
  return {
    generation,
    version,
    run,
    spec: { ...planned, topics: known },
    facts: JSON.parse(facts) as GenerationFacts,
    isComplete: topics !== null,
  }
}
