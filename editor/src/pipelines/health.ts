import type { DeploymentSummary, PipelineRow } from '@millrace/contracts'
import { t } from '../i18n/t.ts'
import type { Status } from '../ui/status-word.tsx'

/** How a pipeline stands: a status, and in one clause why. */
export interface Health {
  readonly status: Status
  readonly reason: string | null
}

type State = DeploymentSummary['state']

const STATUS_OF = {
  stopped: 'stopped',
  starting: 'starting',
  running: 'healthy',
  publishing: 'publishing',
  stopping: 'stopping',
  attention: 'failed',
} as const satisfies Record<State, Status>

/** Smaller comes first: what needs somebody, then what moves, then what rests. */
const RANK: Partial<Record<Status, number>> = {
  failed: 0,
  warning: 1,
  publishing: 2,
  starting: 3,
  stopping: 3,
  healthy: 4,
  stopped: 5,
  draft: 6,
}

/** How a deployment stands, as one status. */
export function healthOf({ state, version, reason }: DeploymentSummary): Health {
  if (version === null && state === 'stopped') return { status: 'draft', reason: t('never published') }
  if (state === 'running' && reason !== null) return { status: 'warning', reason }
  return { status: STATUS_OF[state], reason }
}

/** True where somebody should look. */
export function needsYou({ deployment }: PipelineRow): boolean {
  const { status } = healthOf(deployment)
  return status === 'failed' || status === 'warning'
}

/** True where the draft says something that is not live. */
export function hasDraft(row: PipelineRow): boolean {
  return row.unpublished || row.deployment.version === null
}

/** What needs somebody first, then by name. */
export function needsYouFirst(rows: readonly PipelineRow[]): readonly PipelineRow[] {
  const rank = ({ deployment }: PipelineRow) => RANK[healthOf(deployment).status] ?? 9
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}
