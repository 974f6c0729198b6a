import { DecodeError, EvaluationError } from '@millrace/expr'
import { RecordError } from './operator.ts'

/** Why a record cannot be handled, as it stands on its dead letter. */
export interface RecordFault {
  readonly code: string
  readonly message: string
}

/** The fault of a record that an error tells of; any other error is ours and is thrown on. */
export function recordFault(error: unknown): RecordFault {
  if (error instanceof EvaluationError || error instanceof DecodeError || error instanceof RecordError)
    return error
  throw error
}
