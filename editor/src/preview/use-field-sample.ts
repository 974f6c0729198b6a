import type { Field, SamplesOf, Value } from '@millrace/expr'
import { useCallback, useMemo } from 'react'
import { useStore } from 'zustand'
import { formatCount } from '../format/numbers.ts'
import { useFacts, useWorkspace } from '../workspace/workspace.ts'
import { formatValue, isNumeric } from './format-value.ts'
import type { ShownRows } from './preview-controller.ts'

/** So many values are shown. */
const SHOWN = 2

/** The most frequent values of a field in what flowed into the shown node, and its largest number, as short texts. */
export function useFieldSample(rows: ShownRows | null, path: readonly string[]): readonly string[] {
  const schemas = useFacts(({ analysis }) => (rows === null ? undefined : analysis.schemas.get(rows.nodeId)))
  const masked = useSensitiveInputs(rows)
  return useMemo(() => {
    if (masked(undefined, path)) return []
    const [stream] = Object.values(schemas?.inputs ?? {})
    const found = stream && locate(stream.fields, path)
    if (!found || !rows?.preview) return []
    return summarise(
      (rows.preview.in[0] ?? []).map(({ row }) => valueIn(row, found.places)),
      found.field,
    )
  }, [rows, schemas, path, masked])
}

/** Tells which fields that flow into the shown node at a port (absent: the first) are not to be shown. */
function useSensitiveInputs(rows: ShownRows | null) {
  const inputs = useFacts(({ analysis }) =>
    rows === null ? undefined : analysis.sensitive.get(rows.nodeId)?.inputs,
  )
  return useCallback(
    (port: string | undefined, [name = '']: readonly string[]) => {
      const names = port === undefined ? Object.values(inputs ?? {})[0] : inputs?.[port]
      return names?.has(name) ?? false
    },
    [inputs],
  )
}

/**
 * The values of any field in what flowed into the shown node at a port (absent: the first), elements of arrays included, the
 * most frequent first.
 */
export function useSampleValues(): (port: string | undefined) => SamplesOf {
  const { preview } = useWorkspace()
  const rows = useStore(preview.store, (state) => state.rows)
  const schemas = useFacts(({ analysis }) => (rows === null ? undefined : analysis.schemas.get(rows.nodeId)))
  const masked = useSensitiveInputs(rows)
  return useCallback(
    (port) => (path) => {
      if (masked(port, path)) return []
      const inputs = Object.entries(schemas?.inputs ?? {})
      const at = port === undefined ? 0 : inputs.findIndex(([name]) => name === port)
      const stream = inputs[at]?.[1]
      if (!stream || !rows?.preview) return []
      const values = (rows.preview.in[at] ?? []).flatMap(({ row }) => valuesAt(row, stream.fields, path))
      return [...Map.groupBy(values, (value) => value).values()]
        .toSorted((a, b) => b.length - a.length)
        .flatMap(([value]) => value ?? [])
    },
    [rows, schemas, masked],
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
    `max ${formatValue(
      numbers.reduce((a, b) => Math.max(a, b)),
      type,
    )}`,
  ]
}
