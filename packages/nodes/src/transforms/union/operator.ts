import type { TransformRuntime } from '@millrace/engine'
import type { UnionConfig } from './definition.ts'

/** How a union runs: the streams have one order of fields when they arrive. */
export const unionRuntime: TransformRuntime<UnionConfig> = {
  role: 'transform',
  type: 'union',
  eventTime: false,
  create: () => ({ process: (record, _input, out) => out.emit(record) }),
}
