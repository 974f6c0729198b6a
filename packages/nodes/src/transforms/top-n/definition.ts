import { type Field, scalar } from '@millrace/expr'
import {
  type ConfigIssue,
  defineNode,
  type Inference,
  mayMoveUntold,
  type StreamSchema,
} from '@millrace/graph'
import { isOrdered } from '../../aggregates/extremes.ts'
import { checkField, checkFields, type FieldUse, KEY_USE } from '../../config/check-fields.ts'
import { duplicateField } from '../../config/check-schema.ts'
import { issue } from '../../config/issue.ts'
import { lateStream, spreadBy } from '../../config/spread-by.ts'
import { config, type TopNConfig } from './settings.ts'

/** The fields that tell which window a row belongs to. */
export const WINDOW_END = 'window_end'
const WINDOW = ['window_start', WINDOW_END]

/** The field for the place that a row of a list without ranks has. */
const SLOT = 'slot'

const LATE = { name: 'late', label: 'Late rows', optional: true }
const OUT = { name: 'out', label: 'First rows' }

/** Keeps the first rows in an order, of each window or of the whole stream. */
export const topN = defineNode<TopNConfig>({
  type: 'top-n',
  version: 1,
  kind: 'transform',
  title: 'Top N',
  summary: 'Keeps the first rows in an order, of each window or of the whole stream.',
  icon: 'topn',
  config,
  defaults: { per: 'window', n: 10, orderBy: [], partitionBy: [], rank: 'rank', ttl: 86_400_000 },
  inputs: [{ name: 'in', label: 'Rows', updates: 'by-key' }],
  outputs: [OUT, LATE],
  openOutputs: ({ per }) => (per === 'window' ? [OUT, LATE] : [OUT]),
  digest,
  infer: (settings, { in: input }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: [
      ...(settings.orderBy.length > 0
        ? []
        : [issue('field_missing', ['orderBy'], 'Choose a field to order by.')]),
      ...(input ? checkInput(settings, input) : []),
    ],
  }),
})

function digest({ n, orderBy, partitionBy }: TopNConfig): string {
  if (orderBy.length === 0) return ''
  const order = orderBy.map(({ field, direction }) => `${field} ${direction}`).join(', ')
  return `${n} by ${order}${partitionBy.length === 0 ? '' : ` per ${partitionBy.join(', ')}`}`
}

/** The fields of which each combination has a list. */
export function listKey({ per, partitionBy }: TopNConfig): readonly string[] {
  return per === 'window' ? [...WINDOW, ...partitionBy.filter((name) => !WINDOW.includes(name))] : partitionBy
}

/** The name of the field for the rank or the slot; null where there is none. */
function numberName({ per, rank }: TopNConfig): string | null {
  if (rank !== '') return rank
  return per === 'stream' ? SLOT : null
}

function outputsOf(settings: TopNConfig, input: StreamSchema): Inference['outputs'] {
  const name = numberName(settings)
  const number: readonly Field[] = name === null ? [] : [{ name, type: scalar('int64', false) }]
  const { updates: _, ...rest } = input
  const out = {
    ...rest,
    fields: [...input.fields, ...number],
    partitionedBy: spreadBy(input, listKey(settings)),
  }
  if (settings.per === 'window') return { out, late: lateStream(input, listKey(settings)) }
  const key = [...settings.partitionBy, name ?? SLOT]
  // A row goes out again when another one comes: that is another time than its own.
  return {
    out: { ...out, eventTimeField: null, updates: { key, before: true } },
    late: lateStream(input, listKey(settings)),
  }
}

const ORDER_USE: FieldUse = { accepts: isOrdered, refusal: 'has no order: choose a number, text or time' }

function checkInput(settings: TopNConfig, input: StreamSchema): readonly ConfigIssue[] {
  const { orderBy, partitionBy } = settings
  const name = numberName(settings)
  const isTaken = name !== null && input.fields.some((field) => field.name === name)
  return [
    ...orderBy.flatMap(
      ({ field }, i) => checkField(field, input.fields, ORDER_USE, ['orderBy', String(i), 'field']) ?? [],
    ),
    ...checkFields(partitionBy, input.fields, KEY_USE, 'partitionBy'),
    ...(isTaken ? [duplicateField(name, ['rank'])] : []),
    ...(settings.per === 'window' ? checkWindows(input) : checkMoves(settings, input)),
  ]
}

/** The rows of a window must be told apart, and be final. */
function checkWindows({ fields, updates }: StreamSchema): readonly ConfigIssue[] {
  const fix = { label: 'Rank the whole stream', path: ['per'], value: 'stream' }
  const isTime = (name: string) =>
    fields.some((field) => field.name === name && field.type.kind === 'timestamp' && !field.type.nullable)
  if (!WINDOW.every(isTime)) {
    const message = `There are no windows: the rows lack ${WINDOW.join(' and ')}, as a window node gives them.`
    return [issue('window_missing', ['per'], message, { fix })]
  }
  if (updates === undefined) return []
  const message = 'A list per window is sent once, so its rows must be final: but they are corrected later.'
  return [issue('window_not_final', ['per'], message, { fix })]
}

function checkMoves({ partitionBy }: TopNConfig, input: StreamSchema): readonly ConfigIssue[] {
  if (!mayMoveUntold(input, partitionBy)) return []
  const named = input.updates?.key.join(', ')
  const message = `A corrected row could move to another list without telling from which: make lists by fields that name a row (${named}).`
  return [issue('list_moves_untold', ['partitionBy'], message)]
}
