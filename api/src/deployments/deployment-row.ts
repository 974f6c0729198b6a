import { canMove, type DeploymentState, type DeploymentSummary } from '@millrace/contracts'
import type { Deployment, Prisma } from '../generated/prisma/client.ts'

type Tx = Prisma.TransactionClient

/** Reads a deployment and holds it: until the transaction ends, nobody else changes what runs. */
export async function lockDeployment(tx: Tx, id: string): Promise<Deployment> {
  await tx.$executeRaw`SELECT 1 FROM deployments WHERE id = ${id} FOR UPDATE`
  return tx.deployment.findUniqueOrThrow({ where: { id } })
}

/** Changes of a deployment's state, which must be legal moves. */
export interface Move {
  readonly to: DeploymentState
  /** One clause, where all is not well. */
  readonly reason: string | null
}

/** The columns of a move; none where nothing changes. The database refuses what is no legal move. */
export function moved(from: Pick<Deployment, 'state' | 'reason'>, { to, reason }: Move) {
  if (from.state === to && from.reason === reason) return {}
  if (from.state === to) return { reason }
  if (!canMove(from.state, to)) throw new Error(`a deployment cannot go from ${from.state} to ${to}`)
  return { state: to, reason, since: new Date() }
}

/** The deployment in short. */
export function summaryOf({ state, version, reason, since }: Deployment): DeploymentSummary {
  return { state, version, reason, since: since.getTime() }
}
