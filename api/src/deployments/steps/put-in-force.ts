import type { Prisma } from '../../generated/prisma/client.ts'
import { lockDeployment } from '../deployment-row.ts'
import { readGeneration } from '../generations.ts'
import { StepFailure, type Work } from './step.ts'

/** Makes the operation's generation the one that should run. Once it is, nothing changes. */
export async function putInForce({ control, deployment: seen, operation }: Work): Promise<void> {
  await control.prisma.$transaction(async (tx) => {
    const deployment = await lockDeployment(tx, seen.id)
    if (deployment.operationId !== operation.id) throw new StepFailure('Another operation took over.')
    const { generation } = operation
    if (generation === null || deployment.generation >= generation) return
    await tx.deployment.update({
      where: { id: deployment.id },
      data: await inForce(tx, deployment.id, generation),
    })
  })
}

async function inForce(
  tx: Prisma.TransactionClient,
  deploymentId: string,
  generation: number,
): Promise<Prisma.DeploymentUpdateInput> {
  const { version, run, facts } = await readGeneration(tx, deploymentId, generation)
  return {
    generation,
    version,
    run,
    desired: 'running',
    drainGeneration: facts.drains,
    drainDiscard: false,
    sequence: { increment: 1 },
  }
}
