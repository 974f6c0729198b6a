import { counted } from '@millrace/graph'
import { PATIENCE } from '../control.ts'
import { lockDeployment } from '../deployment-row.ts'
import { projectDeployment } from '../desired.ts'
import { readGeneration } from '../generations.ts'
import { leaseKeys } from '../task-state.ts'
import { type Step, StepFailure } from './step.ts'

/** Says that the deployment should not run. */
export const stop: Step = {
  patienceMs: Number.POSITIVE_INFINITY,
  async run({ control, deployment: seen, operation }) {
    await control.prisma.$transaction(async (tx) => {
      const deployment = await lockDeployment(tx, seen.id)
      if (deployment.operationId !== operation.id) throw new StepFailure('Another operation took over.')
      // A deployment that was never handed over has nothing to be told.
      if (deployment.desired === null || deployment.desired === 'stopped') return
      await tx.deployment.update({
        where: { id: seen.id },
        data: { desired: 'stopped', drainGeneration: null, drainDiscard: false, sequence: { increment: 1 } },
      })
    })
    await projectDeployment(control.redis, control.prisma, seen.id)
    return { done: true, detail: 'executors commit once more and let go' }
  },
}

/** Waits until no executor holds a lease any more; one that is dead loses its leases by itself. */
export const waitStopped: Step = {
  patienceMs: PATIENCE.stop,
  async run({ control, deployment, startedAt }) {
    if (deployment.generation === 0) return { done: true, detail: 'nothing ran' }
    await projectDeployment(control.redis, control.prisma, deployment.id)
    const held = await control.redis.exists(await keysOfLeases(control.prisma, deployment))
    if (held === 0) return { done: true, detail: 'all tasks have ended' }
    if (Date.now() - startedAt > control.patience.stop) {
      throw new StepFailure(`${counted(held, 'task')} did not end within ${control.patience.stop / 1_000} s.`)
    }
    return { done: false, detail: `${counted(held, 'task')} to end` }
  },
}

/** While a change of generation is under way, tasks of both may run. */
async function keysOfLeases(
  prisma: Parameters<typeof readGeneration>[0],
  { id, generation, lastGeneration }: { id: string; generation: number; lastGeneration: number },
): Promise<string[]> {
  const from = Math.max(1, generation - 1)
  const numbers = Array.from({ length: lastGeneration - from + 1 }, (_, i) => from + i)
  const generations = await Promise.all(numbers.map((number) => readGeneration(prisma, id, number)))
  return [...new Set(generations.flatMap(({ spec }) => leaseKeys(id, spec.plan)))]
}
