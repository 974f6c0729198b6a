import { type Field, type SamplesOf, sameType, type Value } from '@millrace/expr'
import { useCallback, useMemo } from 'react'
import { useStore } from 'zustand'
import { formatCount } from '../format/numbers.ts'
import { t } from '../i18n/t.ts'
import { useFacts, useWorkspace } from '../workspace/workspace.ts'
import { formatValue, isNumeric } from './format-value.ts'

/** So many values are shown. */
const SHOWN = 2

/** What is known of a field in the last run: the rows in which it stands, and their fields. */
interface SampledInput {
  readonly rows: readonly (readonly Value[])[]
  readonly fields: readonly Field[]
}

/**
 * Finds the rows that flowed into a node at a port (absent: the first) when it ran last, be it before a mistake that is
 * in the pipeline now. Null where a field is not to be shown, then or now, or is another one by now.
 */
function useSampledInput(nodeId: string) {
  const { preview } = useWorkspace()
  const lastRun = useStore(preview.store, (state) =>
    state.lastRun?.nodeId === nodeId ? state.lastRun : null,
  )
  const schemas = useFacts(({ analysis }) => analysis.schemas.get(nodeId)?.inputs)
  const sensitive = useFacts(({ analysis }) => analysis.sensitive.get(nodeId)?.inputs)
  return useCallback(
    (port: string | undefined, [name = '']: readonly string[]): SampledInput | null => {
      const inputs = lastRun?.inputs ?? []
      const at = port === undefined ? 0 : inputs.findIndex((input) => input.port === port)
      const input = inputs[at]
      const field = input?.fields.find((one) => one.name === name)
      if (input === undefined || field === undefined) return null
      if (input.sensitive.has(name) || sensitive?.[input.port]?.has(name)) return null
      const now = schemas?.[input.port]?.fields.find((one) => one.name === name)
      if (now !== undefined && !sameType(now.type, field.type, false)) return null
      return { rows: (lastRun?.preview?.in[at] ?? []).map(({ row }) => row), fields: input.fields }
    },
    [lastRun, schemas, sensitive],
  )
}

/** The most frequent values of a field in what flowed into a node, and its largest number, as short texts. */
export function useFieldSample(nodeId: string, path: readonly string[]): readonly string[] {
  const sampled = useSampledInput(nodeId)
  return useMemo(() => {
    const input = sampled(undefined, path)
    const found = input && locate(input.fields, path)
    return found
      ? summarise(
          input.rows.map((row) => valueIn(row, found.places)),
          found.field,
        )
      : []
  }, [sampled, path])
}

/**
 * The values of any field in what flowed into a node at a port (absent: the first), elements of arrays included, the
 * most frequent first.
 */
export function useSampleValues(nodeId: string): (port: string | undefined) => SamplesOf {
  const sampled = useSampledInput(nodeId)
  return useCallback(
    (port) => (path) => {
      const input = sampled(port, path)
      const values = input?.rows.flatMap((row) => valuesAt(row, input.fields, path)) ?? []
      return [...Map.groupBy(values, (value) => value).values()]
        .toSorted((a, b) => b.length - a.length)
        .flatMap(([value]) => value ?? [])
    },
    [sampled],
  )
}

/** The values at a path through structs and arrays. */
export function valuesAt(
  row: readonly Value[],
  fields: readonly Field[],
  path: readonly string[],
): readonly Value[] {
  const [name, ...rest] = path
  const place = fields.findIndex((field) => field.name === name)
  const type = fields[place]?.type
  const value = row[place] ?? null
  if (type === undefined) return []
  const element = type.kind === 'array' ? type.element : type
  const values = type.kind === 'array' ? ((value ?? []) as readonly Value[]) : [value]
  if (rest.length === 0) return values
  if (element.kind !== 'struct') return []
  return values.flatMap((one) =>
    one === null ? [] : valuesAt(one as readonly Value[], element.fields, rest),
  )
}

interface Located {
  readonly field: Field
  /** Positions, from the row inwards. */
  readonly places: readonly number[]
}

function locate(fields: readonly Field[], [name, ...rest]: readonly string[]): Located | null {
  const place = fields.findIndex((field) => field.name === name)
  const field = fields[place]
  if (field === undefined) return null
  if (rest.length === 0) return { field, places: [place] }
  const inner = field.type.kind === 'struct' ? locate(field.type.fields, rest) : null
  return inner && { field: inner.field, places: [place, ...inner.places] }
}

function valueIn(row: readonly Value[], places: readonly number[]): Value {
  let value: Value = row
  for (const place of places)
    value = Array.isArray(value) ? ((value as readonly Value[])[place] ?? null) : null
  return value
}

/** `0 · 38×`, `12.4 · 2×`, `max 1284.9`. */
export function summarise(values: readonly Value[], { type }: Field): readonly string[] {
  const counts = Map.groupBy(values, (value) => formatValue(value, type))
  const frequent = [...counts].toSorted(([, a], [, b]) => b.length - a.length).slice(0, SHOWN)
  const texts = frequent.map(([text, found]) =>
    found.length > 1 ? `${text} · ${formatCount(found.length)}×` : text,
  )
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length === 0 || !isNumeric(type)) return texts
  return [
    ...texts,
    t('max {value}', {
      value: formatValue(
        numbers.reduce((a, b) => Math.max(a, b)),
        type,
      ),
    }),
  ]
}
