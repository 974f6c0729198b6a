import type { OperatorContext } from '@millrace/engine'
import type { StreamSchema } from '@millrace/graph'

/** The schema of the input of a node that has one input. */
export function onlyInput({ inputs }: Pick<OperatorContext, 'inputs'>): StreamSchema {
  const [input] = inputs
  if (input === undefined) throw new Error('the node has no input')
  return input
}
