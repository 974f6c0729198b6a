import type { ConnectionSpec, ContinueFrom, DeploymentSpec, StartFrom } from '@millrace/contracts'
import { DEFAULT_SETTINGS } from '@millrace/contracts'
import { encryptSecrets } from '@millrace/contracts/secrets'
import { withoutTests } from '@millrace/graph'
import { AppError } from '../errors.ts'
import type { Control } from './control.ts'
import type { StatefulFacts } from './generation-facts.ts'
import type { Outlook } from './outlook.ts'
import type { GenerationPlan } from './plan-generation.ts'

/** What a spec says beside its plan. */
export interface SpecNumbers {
  readonly version: number
  readonly generation: number
  readonly run: number
  readonly incarnations: DeploymentSpec['incarnations']
  readonly start: StartFrom
  readonly continueFrom?: ContinueFrom
}

/** The connections of a spec, with their secrets encrypted for executors. */
export type SpecConnections = DeploymentSpec['connections']

/**
 * Opens the connections that a graph uses, for its spec.
 *
 * @throws AppError `changed_meanwhile` where one is gone; SecretsError
 */
export async function specConnections(
  { connections, secretKey }: Control,
  deployment: string,
  version: number,
  ids: readonly string[],
): Promise<SpecConnections> {
  const opened = await Promise.all(
    [...new Set(ids)].map(async (id): Promise<[string, ConnectionSpec]> => {
      const found = await connections.open(id)
      if (found === null)
        throw new AppError('changed_meanwhile', `The connection "${id}" is gone: look again.`)
      const { kind, settings, secrets } = found
      const hasSecrets = Object.keys(secrets).length > 0
      const binding = { deployment, connection: id, version }
      return [
        id,
        { id, kind, settings, secrets: hasSecrets ? encryptSecrets(secretKey, binding, secrets) : null },
      ]
    }),
  )
  return Object.fromEntries(opened)
}

/** Ids of the connections that an outlook's graph uses, that of its internal topics included. */
export function usedConnections({ world }: Outlook): string[] {
  const nodes = [...world.aliases.map(({ connection }) => connection)]
  return world.kafka === null ? nodes : [world.kafka, ...nodes]
}

/** The deployment spec of a planned generation; topics that do not exist yet are missing in it. */
export function buildSpec(
  outlook: Outlook,
  planned: GenerationPlan,
  numbers: SpecNumbers,
  connections: SpecConnections,
  replicationFactor: number,
): DeploymentSpec {
  const { graph, deployment, world } = outlook
  return {
    deployment: deployment.id,
    pipelineId: deployment.pipelineId,
    pipelineName: graph.name,
    ...numbers,
    graph: withoutTests(graph),
    plan: planned.plan,
    births: birthsOf(planned.facts.stateful),
    retired: planned.retired,
    topics: Object.fromEntries(world.topics),
    kafka: world.kafka ?? '',
    connections,
    settings: { ...DEFAULT_SETTINGS, replicationFactor },
  }
}

/** By node id: the generation in which its state began. */
export function birthsOf(stateful: readonly StatefulFacts[]): DeploymentSpec['births'] {
  return Object.fromEntries(stateful.map(({ nodeId, birth }) => [nodeId, birth]))
}
