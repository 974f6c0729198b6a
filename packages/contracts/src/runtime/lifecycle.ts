/** Where a deployment stands, as the api knows it. */
export const DEPLOYMENT_STATES = [
  'stopped',
  'starting',
  'running',
  'publishing',
  'stopping',
  'attention',
] as const

/** One of `DEPLOYMENT_STATES`. */
export type DeploymentState = (typeof DEPLOYMENT_STATES)[number]

/**
 * The legal moves. `attention`: it stopped with a question, or a step failed and could not be taken back. Everything
 * that is not listed is refused, here and by the database.
 */
export const LIFECYCLE = {
  stopped: ['starting'],
  starting: ['running', 'stopping', 'attention'],
  running: ['publishing', 'starting', 'stopping', 'attention'],
  publishing: ['running', 'stopping', 'attention'],
  stopping: ['stopped', 'attention'],
  attention: ['starting', 'publishing', 'running', 'stopping'],
} as const satisfies Record<DeploymentState, readonly DeploymentState[]>

/** True where a deployment may go from one state to the other. */
export function canMove(from: DeploymentState, to: DeploymentState): boolean {
  return (LIFECYCLE[from] as readonly DeploymentState[]).includes(to)
}
