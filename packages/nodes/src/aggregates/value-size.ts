import type { Value } from '@millrace/expr'

/** About how many bytes a value takes, so that lists of values can be bounded. */
export function valueSize(value: Value): number {
  if (typeof value === 'string') return 2 + value.length
  if (typeof value !== 'object' || value === null) return 8
  if (value instanceof Uint8Array) return 2 + value.length
  return (value as readonly Value[]).reduce((sum: number, item) => sum + valueSize(item), 2)
}

/** The most that a list of values of one aggregate may take, in bytes. */
export const LIST_BYTES = 65_536
