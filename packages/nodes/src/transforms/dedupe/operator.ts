import type { Operator, OperatorContext, StateLayout, TransformRuntime } from '@millrace/engine'
import { type Field, formatType, scalar, structOf } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { keyReader } from '../../config/key-reader.ts'
import { FirstByArrival } from './first-by-arrival.ts'
import { FirstByTime } from './first-by-time.ts'
import { LastByArrival, LastByTime } from './last.ts'
import { type Choice, choiceOf, type DedupeConfig } from './settings.ts'

/** How a dedupe runs. */
export const dedupeRuntime: TransformRuntime<DedupeConfig> = {
  role: 'transform',
  type: 'dedupe',
  eventTime: true,
  keyFields: ({ key }) => key,
  state: stateOf,
  create: (config, context) => new OPERATORS[choiceOf(config)](config, context),
}

const OPERATORS: Readonly<Record<Choice, new (config: DedupeConfig, context: OperatorContext) => Operator>> =
  {
    'first by arrival': FirstByArrival,
    'first by event': FirstByTime,
    'last by arrival': LastByArrival,
    'last by event': LastByTime,
  }

const TIME: Field = { name: 'time', type: scalar('timestamp', false) }

/**
 * One row per key: the event time of the kept event. Its timer expires it. The first by event time has a row for each
 * event, too, that waits for the watermark.
 */
function stateOf(config: DedupeConfig, [input]: readonly StreamSchema[]): StateLayout {
  const { key } = config
  const fields = input?.fields ?? []
  const { types } = keyReader(fields, key)
  const choice = choiceOf(config)
  const waits = choice === 'first by event'
  return {
    fields: waits ? [TIME, { name: 'event', type: structOf(fields) }] : [TIME],
    openSubKeys: waits,
    signature: {
      key: key.map((name, i) => [name, types[i] ? formatType(types[i]) : '']),
      // Absent for what version 1 kept.
      ...(choice !== 'first by arrival' && { keep: choice }),
      ...(waits && { event: formatType(structOf(fields)) }),
    },
  }
}
