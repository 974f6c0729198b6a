import type { DeploymentSpec } from '@millrace/contracts'
import { readGeneration } from '../deployments/generations.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'

/** Names of the pipelines that should run and use a connection. */
export async function pipelinesUsing(prisma: PrismaClient, connectionId: string): Promise<string[]> {
  const running = await prisma.deployment.findMany({ where: { desired: 'running' } })
  const specs = await Promise.all(
    running.map(async ({ id, generation }) => (await readGeneration(prisma, id, generation)).spec),
  )
  return specs.filter((spec) => uses(spec, connectionId)).map(({ pipelineName }) => pipelineName)
}

function uses({ connections }: DeploymentSpec, connectionId: string): boolean {
  return Object.hasOwn(connections, connectionId)
}
