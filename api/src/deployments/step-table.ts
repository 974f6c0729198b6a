import type { OperationBody } from '@millrace/contracts'

/** What is done to a deployment. */
export type OperationKind = OperationBody['kind']

/** Every step that an operation can have, as it is shown. */
export const STEP_LABELS = {
  preflight: 'Check the pipeline and its connections',
  'create-topics': 'Create topics and index templates',
  'hand-over': 'Hand over to the new version',
  verify: 'Wait until all tasks run',
  'clean-up': 'Remove what is no longer needed',
  'take-back': 'Return to the version before',
  'verify-take-back': 'Wait until all tasks run again',
  stop: 'Tell the executors to stop',
  'wait-stopped': 'Wait until all tasks have ended',
} as const

/** A key of `STEP_LABELS`. */
export type StepName = keyof typeof STEP_LABELS

const PUT_IN_FORCE = ['preflight', 'create-topics', 'hand-over', 'verify', 'clean-up'] as const

/** The steps of each operation, in order. */
export const OPERATION_STEPS = {
  publish: PUT_IN_FORCE,
  'roll-back': PUT_IN_FORCE,
  continue: PUT_IN_FORCE,
  start: PUT_IN_FORCE,
  replay: PUT_IN_FORCE,
  stop: ['stop', 'wait-stopped'],
} as const satisfies Record<OperationKind, readonly StepName[]>

/** What follows where the new version failed: back to the one before, or to a stop where there is none. */
export const RECOVERY_STEPS = {
  'take-back': ['take-back', 'verify-take-back', 'clean-up'],
  stop: ['stop', 'wait-stopped'],
} as const satisfies Record<string, readonly StepName[]>
