import { defineNode, type Inference } from '@millrace/graph'
import type { TransformRuntime } from '../operator.ts'
import { AT, EVENT_FIELDS, KEY, VALUE } from './event.ts'

/** How long events are kept. */
export interface DelayConfig {
  /** In event time, ms. */
  readonly wait: number
  /** How far the watermark behind stays behind, ms. */
  readonly holdBack: number
}

/** Keeps every event for a while and sends it on with the time that it has, as a join does that finds no partner. */
export const delay = defineNode<DelayConfig>({
  type: 'delay',
  version: 1,
  kind: 'transform',
  icon: 'clock',
  title: 'Delay',
  summary: 'Keeps events for a while.',
  config: { type: 'object' },
  defaults: { wait: 10, holdBack: 11 },
  inputs: [{ name: 'in', label: 'Events', updates: { refused: 'an event may have gone already' } }],
  outputs: [{ name: 'out', label: 'Events' }],
  digest: () => '',
  infer: (_, { in: input }): Inference => ({ outputs: input ? { out: input } : {}, issues: [] }),
})

/** How events are kept: one state row each; those of one key, time and value count as one. */
export const delayRuntime: TransformRuntime<DelayConfig> = {
  role: 'transform',
  type: 'delay',
  eventTime: true,
  keyFields: () => ['key'],
  state: () => ({ fields: EVENT_FIELDS, signature: null }),
  holdBack: ({ holdBack }) => holdBack,
  create: ({ wait }, { state }) => ({
    touches: ({ row }, _, touch) => touch(String(row[KEY]), `${row[AT]}/${row[VALUE]}`),
    process: ({ row, time }) => state.put(String(row[KEY]), `${row[AT]}/${row[VALUE]}`, row, time + wait),
    onTimer({ key, subKey, row }, out) {
      state.delete(key, subKey)
      const time = row[AT] as number
      out.emit({ row, time, sourceTime: time, origin: null })
    },
  }),
}
