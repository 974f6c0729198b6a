import { projectDeployment } from '../desired.ts'
import { putInForce } from './put-in-force.ts'
import type { Step } from './step.ts'

/** Puts the new generation in force: in Postgres, then in Redis, from where executors take it. */
export const handOver: Step = {
  patienceMs: Number.POSITIVE_INFINITY,
  async run(work) {
    const { control, deployment } = work
    await putInForce(work)
    await projectDeployment(control.redis, control.prisma, deployment.id)
    const { version } = await work.generation()
    return { done: true, detail: `version ${version} is what should run` }
  },
}
