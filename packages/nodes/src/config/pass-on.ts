import type { Inference, StreamSchema } from '@millrace/graph'

/** The outputs of a node whose only output has the schema of its only input. */
export function passOn(input: StreamSchema | null | undefined): Inference['outputs'] {
  return input ? { out: input } : {}
}
