import type { DeploymentSpec } from '@millrace/contracts'
import { prepareProgram } from '@millrace/engine'
import type { Prisma } from '../../generated/prisma/client.ts'
import type { Control } from '../control.ts'
import { lockDeployment } from '../deployment-row.ts'
import { projectDeployment } from '../desired.ts'
import { generationRow, type PlannedGeneration, readGeneration } from '../generations.ts'
import { incarnationsFor } from '../incarnations.ts'
import { partitionCounts } from '../outlook.ts'
import { type GenerationPlan, planGeneration } from '../plan-generation.ts'
import { birthsOf } from '../spec.ts'
import { readTaskState } from '../task-state.ts'
import { createInternalTopics } from './create-topics.ts'
import { putInForce } from './put-in-force.ts'
import { type Step, StepFailure, type Work } from './step.ts'

/** Puts the graph of the version before in force again, as a generation of its own: state does not go back. */
export const takeBack: Step = {
  patienceMs: Number.POSITIVE_INFINITY,
  async run(work) {
    const { control, deployment } = work
    const operation = await planTakeBack(work, false)
    const { spec } = await readGeneration(control.prisma, deployment.id, operation.generation ?? 0)
    await createInternalTopics(control, spec, deployment.partitions ?? 1)
    await putInForce({ ...work, operation })
    const written = await projectDeployment(control.redis, control.prisma, deployment.id)
    if (written === 'late') {
      // Executors closed stages of the version before just now: it cannot simply go on, and follows the failed one.
      await planTakeBack({ ...work, operation }, true)
      return { done: false, detail: 'the new version has taken over meanwhile' }
    }
    return { done: true, detail: `version ${spec.version} is what should run again` }
  },
}

/** Plans the generation that goes back, unless that was done. */
async function planTakeBack({ control, deployment: seen, operation }: Work, isLate: boolean) {
  if (operation.generation !== operation.failedGeneration && !isLate) return operation
  const failed = await readGeneration(control.prisma, seen.id, operation.failedGeneration ?? 0)
  const before = await readGeneration(control.prisma, seen.id, operation.previousGeneration)
  const way = isLate ? 'onward' : await wayBack(control, failed, before)
  return control.prisma.$transaction(async (tx) => {
    const deployment = await lockDeployment(tx, seen.id)
    if (deployment.operationId !== operation.id) throw new StepFailure('Another operation took over.')
    const generation = deployment.lastGeneration + 1
    const planned = planBack(control, { way, failed, before, deployment, generation })
    const spec = await specBack(tx, planned, { way, failed, before, generation })
    const row = generationRow(spec, planned.facts)
    await tx.generation.create({ data: { ...row, topics: JSON.stringify(spec.topics) } })
    await tx.deployment.update({
      where: { id: seen.id },
      data: { lastGeneration: generation, nextStageNumber: planned.nextStageNumber },
    })
    return tx.operation.update({ where: { id: operation.id }, data: { generation } })
  })
}

/**
 * How the version before comes back. `undo`: the failed one never took over, so its stages go on as they are. `run`:
 * the failed one began a run of its own, so the run before goes on where it stopped. `onward`: it follows the failed
 * one like any other publish.
 */
type Way = 'undo' | 'run' | 'onward'

interface Return {
  readonly way: Way
  readonly failed: PlannedGeneration
  readonly before: PlannedGeneration
  readonly generation: number
}

async function wayBack(
  { redis }: Control,
  failed: PlannedGeneration,
  before: PlannedGeneration,
): Promise<Way> {
  if (failed.run !== before.run) return 'run'
  if (failed.facts.drains === null) return 'onward'
  const { switchover } = await readTaskState(redis, failed.spec.deployment, Date.now())
  const tookOver = switchover?.generation === failed.generation && switchover.phase !== 'drain'
  return tookOver ? 'onward' : 'undo'
}

function planBack(
  { catalogue, runtimes }: Control,
  {
    way,
    failed,
    before,
    deployment,
    generation,
  }: Return & {
    deployment: { partitions: number | null; nextStageNumber: number }
  },
): GenerationPlan {
  const { graph, topics } = before.spec
  const program = prepareProgram(graph, catalogue, runtimes)
  const follows = way === 'onward' ? failed : before
  const planned = planGeneration({
    program,
    graph,
    counts: partitionCounts(program, deployment.partitions, (nodeId) => topics[nodeId]?.partitions),
    targets: before.facts.deliveries,
    generation,
    before: { generation: follows.generation, facts: follows.facts, graph: follows.spec.graph },
    isFreshRun: false,
    nextStageNumber: deployment.nextStageNumber,
  })
  const undoes = way === 'undo' ? failed.generation : null
  return { ...planned, facts: { ...planned.facts, undoes } }
}

async function specBack(
  tx: Prisma.TransactionClient,
  planned: GenerationPlan,
  { way, failed, before, generation }: Return,
): Promise<DeploymentSpec> {
  const ids = new Set(planned.plan.stages.map(({ id }) => id))
  const closed = failed.facts.stages.filter(({ id }) => !ids.has(id))
  return {
    ...before.spec,
    generation,
    plan: planned.plan,
    births: birthsOf(planned.facts.stateful),
    incarnations: await incarnationsFor(tx, planned.facts.deliveries, failed, false),
    // Stages of the failed run are only closed: their positions belong to its topics.
    retired: way === 'run' ? closed.map(({ id, tasks }) => ({ id, tasks, sources: [] })) : planned.retired,
  }
}
