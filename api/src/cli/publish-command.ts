import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationBody, StartFrom } from '@millrace/contracts'
import type { Control } from '../deployments/control.ts'
import { readDeployment } from '../deployments/read-deployment.ts'
import { findSubject, publish, startAfresh } from '../deployments/requests.ts'
import { AppError } from '../errors.ts'

/** An operation that does not end within this time is reported as it stands, ms. */
const PATIENCE_MS = 300_000
const LOOK_MS = 250

/** What came of it. */
export type Published = 'done' | 'already' | 'failed'

/** How to publish. */
export interface PublishRequest {
  /** Where a pipeline that does not run begins. */
  readonly start: StartFrom
  /** Only where nothing of the pipeline has run yet: a draft that somebody works on is theirs. */
  readonly isOnce: boolean
}

/**
 * Publishes the draft of a pipeline, given by id or name, and waits until it runs. Does nothing where the draft is
 * what runs already; starts it where it is what ran last; waits for an operation that is under way. A running api
 * carries it out.
 *
 * @param tell called with each step as it begins and ends
 */
export async function publishCommand(
  control: Control,
  pipeline: string,
  { start, isOnce }: PublishRequest,
  tell: (line: string) => void,
): Promise<Published> {
  const id = await findPipeline(control, pipeline)
  const { deployment, draft } = await findSubject(control, id)
  if (deployment.operationId !== null) return follow(control, id, tell)
  if (isOnce && (await hasRun(control, deployment.id))) return 'already'
  const isRunning = deployment.desired === 'running'
  const isSame =
    deployment.version !== null && (await checksumOf(control, id, deployment.version)) === draft.checksum
  if (isRunning && isSame) return 'already'
  const by = 'the command line'
  if (isSame) await startAfresh(control, id, 'start', start, by)
  else {
    const request = { revision: draft.revision, acknowledgeEmpty: [], ...(!isRunning && { start }) }
    await publish(control, id, request, by)
  }
  return follow(control, id, tell)
}

async function findPipeline({ prisma }: Control, pipeline: string): Promise<string> {
  const where = { OR: [{ id: pipeline }, { name: pipeline }] }
  const found = await prisma.pipeline.findFirst({ where, orderBy: { createdAt: 'asc' } })
  if (found === null) throw new AppError('not_found', `There is no pipeline "${pipeline}".`)
  return found.id
}

/** True where some operation ended well: a first publish that failed may be tried again. */
async function hasRun({ prisma }: Control, deploymentId: string): Promise<boolean> {
  return (await prisma.operation.count({ where: { deploymentId, outcome: 'done' } })) > 0
}

async function checksumOf({ prisma }: Control, pipelineId: string, version: number): Promise<string | null> {
  const where = { pipelineId_version: { pipelineId, version } }
  return (await prisma.version.findUnique({ where }))?.checksum ?? null
}

async function follow(control: Control, id: string, tell: (line: string) => void): Promise<Published> {
  const told = new Set<string>()
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const { operation, reason } = await readDeployment(control, id, () => [])
    for (const line of linesOf(operation)) {
      if (!told.has(line)) tell(line)
      told.add(line)
    }
    if (operation?.outcome === 'done') return 'done'
    if (operation?.outcome) {
      tell(reason ?? 'It was taken back; the history of the pipeline tells why.')
      return 'failed'
    }
    await sleep(LOOK_MS)
  }
  tell('It has not ended yet. Is the api running?')
  return 'failed'
}

function linesOf(operation: OperationBody | null): string[] {
  const steps = operation?.steps.filter(({ state }) => state === 'done' || state === 'failed') ?? []
  return steps.map(
    ({ label, detail, state }) => `${label}: ${state === 'failed' ? 'failed, ' : ''}${detail ?? ''}`,
  )
}
