import { createCatalogue } from '@millrace/graph'
import type { NodeRuntime, RuntimeCatalogue } from '../operator.ts'
import { count, countRuntime } from './count-window.ts'
import { delay, delayRuntime } from './delay.ts'
import { earlyCount, earlyCountRuntime } from './early-count.ts'
import { history, historyRuntime } from './history.ts'
import {
  documents,
  documentsRuntime,
  events,
  eventsRuntime,
  lookup,
  lookupRuntime,
  merge,
  mergeRuntime,
  numbers,
  numbersRuntime,
  odd,
  oddRuntime,
  pair,
  pairRuntime,
  sink,
  sinkRuntime,
  union,
  unionRuntime,
} from './node-types.ts'
import { latest, latestRuntime, sums, sumsRuntime } from './updating-nodes.ts'

/** All test node types. */
export const catalogue = createCatalogue([
  events,
  numbers,
  odd,
  merge,
  pair,
  union,
  lookup,
  count,
  latest,
  sums,
  delay,
  earlyCount,
  history,
  sink,
  documents,
])

const all: readonly NodeRuntime<never>[] = [
  eventsRuntime,
  numbersRuntime,
  oddRuntime,
  mergeRuntime,
  pairRuntime,
  unionRuntime,
  lookupRuntime,
  countRuntime,
  latestRuntime,
  sumsRuntime,
  delayRuntime,
  earlyCountRuntime,
  historyRuntime,
  sinkRuntime,
  documentsRuntime,
]

/** How all test node types run. */
export const runtimes: RuntimeCatalogue = runtimesOf(all)

/** A catalogue of these runtimes. */
export function runtimesOf(list: readonly NodeRuntime<never>[]): RuntimeCatalogue {
  const byType = new Map(list.map((runtime): [string, NodeRuntime] => [runtime.type, runtime]))
  return { get: (type) => byType.get(type) }
}
