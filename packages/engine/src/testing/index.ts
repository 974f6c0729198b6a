export { catalogue, runtimes, runtimesOf } from './catalogue.ts'
export { type CountConfig, count, countRuntime, windowStart } from './count-window.ts'
export { type DelayConfig, delay, delayRuntime } from './delay.ts'
export { earlyCount } from './early-count.ts'
export {
  brokenRecord,
  decodeEvent,
  EVENT_FIELDS,
  eventJson,
  eventRecord,
  eventRow,
  type TestEvent,
} from './event.ts'
export { type HistoryConfig, history } from './history.ts'
export {
  documents,
  type EventsConfig,
  events,
  lookup,
  merge,
  numbers,
  odd,
  pair,
  sink,
  union,
} from './node-types.ts'
export { latest, sums } from './updating-nodes.ts'
