import type { Deployment, Operation, OperationStep, Prisma } from '../../generated/prisma/client.ts'
import type { Control } from '../control.ts'
import type { PlannedGeneration } from '../generations.ts'

/** What a step works on, as it is now. */
export interface Work {
  readonly control: Control
  readonly deployment: Deployment
  readonly operation: Operation
  readonly step: OperationStep
  /** Epoch ms when the step began. */
  readonly startedAt: number
  /** The generation that the operation puts in force. Throws for a stop, which has none. */
  readonly generation: () => Promise<PlannedGeneration>
}

/** How far a step is. */
export type StepResult =
  /** What is to be written together with the step's end. */
  | {
      readonly done: true
      readonly detail: string
      readonly commit?: (tx: Prisma.TransactionClient) => Promise<void>
    }
  /** To be looked at again soon. */
  | { readonly done: false; readonly detail: string }

/** One step of an operation. It may be run again at any point, also by two processes at once. */
export interface Step {
  /** Faults are taken for passing ones for this long, ms; then the operation fails. */
  readonly patienceMs: number
  run(work: Work): Promise<StepResult>
}

/** The operation cannot go on; the message says why. */
export class StepFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StepFailure'
  }
}
