import { type Field, withNullable } from '@millrace/expr'
import { defineNode, fieldIndex, type Inference, type StreamSchema } from '@millrace/graph'
import { formatDuration } from '../../config/words.ts'
import { type PairColumn, pairColumns } from '../../pairs/pair-columns.ts'
import { checkJoin } from './check-join.ts'
import { joinShape, padsOf } from './join-shape.ts'
import { config, type JoinConfig } from './settings.ts'

const refused = 'a pair that was sent is not taken back'

/** Pairs the events of two streams that are equal in some fields and not too far apart. */
export const join = defineNode<JoinConfig>({
  type: 'join',
  version: 1,
  kind: 'transform',
  title: 'Join',
  summary: 'Pairs events of two streams that belong together and are not too far apart in time.',
  icon: 'join',
  config,
  defaults: {
    kind: 'inner',
    on: [],
    lower: 0,
    upper: 3_600_000,
    condition: '',
    fields: 'all',
    leftFields: [],
    rightFields: [],
    leftPrefix: 'left_',
    rightPrefix: 'right_',
  },
  inputs: [
    { name: 'left', label: 'Left events', updates: { refused } },
    { name: 'right', label: 'Right events', updates: { refused } },
  ],
  outputs: [
    { name: 'out', label: 'Pairs' },
    { name: 'late', label: 'Late events', optional: true },
  ],
  digest: ({ on, lower, upper }) => {
    if (on.length === 0) return ''
    const keys = on.map(({ left, right }) => (left === right ? left : `${left} = ${right}`))
    return `${keys.join(', ')}, ${formatDuration(lower)} to ${formatDuration(upper)}`
  },
  infer: (settings, { left = null, right = null }) => ({
    outputs: left && right ? outputsOf(settings, left, right) : {},
    issues: checkJoin(settings, { left: left?.fields ?? null, right: right?.fields ?? null }),
  }),
})

function outputsOf(settings: JoinConfig, left: StreamSchema, right: StreamSchema): Inference['outputs'] {
  const columns = pairColumns(joinShape(settings, left.fields, right.fields))
  const fields = columns.map(({ field }) => field)
  const keys = keyPlaces(settings, left, right)
  return {
    out: {
      fields,
      partitionedBy: namesOf(keys, columns, padsOf(settings.kind)),
      eventTimeField: timeName(settings, columns, left, right),
    },
    late: {
      fields: lateFields(columns, left, right),
      partitionedBy: namesOf(keys, columns, [true, true]),
      eventTimeField: null,
    },
  }
}

/** What a late event becomes: a result of it alone, whichever side it is of. */
function lateFields(columns: readonly PairColumn[], left: StreamSchema, right: StreamSchema): Field[] {
  return columns.map(({ field: { name, type }, first, second }) => {
    const isNull = [left.fields[first], right.fields[second]].some((field) => field?.type.nullable ?? true)
    return { name, type: withNullable(type, isNull) }
  })
}

/** By pair of key fields: where they are in the rows of both sides. */
function keyPlaces(
  { on }: JoinConfig,
  left: StreamSchema,
  right: StreamSchema,
): (readonly [number, number])[] {
  return on.map((pair) => [fieldIndex(left, pair.left), fieldIndex(right, pair.right)] as const)
}

/**
 * The fields of the results that hold the key whichever rows are there; null where they are not all there.
 *
 * @param alone by side: rows of it may be there alone
 */
function namesOf(
  keys: readonly (readonly [number, number])[],
  columns: readonly PairColumn[],
  [leftAlone, rightAlone]: readonly [boolean, boolean],
): readonly string[] | null {
  const names = keys.flatMap(([left, right]) => {
    const found = columns.find(({ first, second }) => {
      const [hasLeft, hasRight] = [first === left, second === right]
      return (hasLeft || hasRight) && (hasLeft || !leftAlone) && (hasRight || !rightAlone)
    })
    return found === undefined ? [] : [found.field.name]
  })
  return names.length === keys.length ? names : null
}

/** The field that holds the time of every result: where one event of a pair is never the earlier one, its. */
function timeName(
  { kind, lower, upper }: JoinConfig,
  columns: readonly PairColumn[],
  left: StreamSchema,
  right: StreamSchema,
): string | null {
  const [padsLeft, padsRight] = padsOf(kind)
  const places = {
    first: upper <= 0 && !padsRight ? placeOfTime(left) : null,
    second: lower >= 0 && !padsLeft ? placeOfTime(right) : null,
  }
  const found = columns.find(({ first, second }) => first === places.first || second === places.second)
  return found?.field.name ?? null
}

function placeOfTime(stream: StreamSchema): number | null {
  return stream.eventTimeField === null ? null : fieldIndex(stream, stream.eventTimeField)
}
