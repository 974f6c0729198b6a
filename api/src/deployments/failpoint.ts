import type { OperationKind, StepName } from './step-table.ts'

/** Where a test wants the process to die: `publish:hand-over:before`. */
export type Failpoint = (kind: OperationKind, step: StepName, when: 'before' | 'after') => void

/** Kills this process, without any clean-up, at the place that `MILLRACE_FAILPOINT` names. For tests. */
export function failpointFrom(place: string | null): Failpoint {
  return (kind, step, when) => {
    if (place === `${kind}:${step}:${when}`) process.kill(process.pid, 'SIGKILL')
  }
}
