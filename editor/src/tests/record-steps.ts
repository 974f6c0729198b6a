import type { SampleRecord } from '@millrace/contracts'
import { compileCondition, decodeJson, type Field } from '@millrace/expr'
import type { EventStep, JsonValue } from '@millrace/graph'
import { bytesOf } from '../connections/topic-sample.ts'
import { t } from '../i18n/t.ts'
import { maskRecord, maskValue } from './mask.ts'

/** What of the records of a topic is taken into a test. */
export interface RecordingRules {
  /** Only records with this key; empty: all. */
  readonly key: string
  /** Only records for which this is true; empty: all. */
  readonly filter: string
  /** Fields of the records, for the filter. */
  readonly fields: readonly Field[]
  /** Top-level members to be masked. */
  readonly masked: ReadonlySet<string>
  /** Known to this recording alone. */
  readonly salt: string
}

/** The steps that bring records to a node, and what did not fit. */
export interface Recorded {
  readonly steps: readonly EventStep[]
  /** Records that were left out because key or filter did not fit. */
  readonly skipped: number
}

/** Why a filter cannot be used, in words; null where it can. */
export function filterProblem({ filter, fields }: Pick<RecordingRules, 'filter' | 'fields'>): string | null {
  if (filter.trim() === '') return null
  const compiled = compileCondition(filter, fields)
  return compiled.ok ? null : (compiled.issues[0]?.message ?? t('The filter is no condition.'))
}

/** Makes steps of records that go to a node, in the order of the records. A filter with a mistake lets nothing pass. */
export function recordSteps(to: string, records: readonly SampleRecord[], rules: RecordingRules): Recorded {
  const fits = filterOf(rules)
  const steps = records.flatMap((record): EventStep[] => {
    const [keyBytes, bytes] = [bytesOf(record.key), bytesOf(record.value)]
    const key = keyBytes === null ? null : textOf(keyBytes)
    if (rules.key !== '' && key !== rules.key) return []
    if (bytes !== null && !fits(bytes, record.timestamp)) return []
    return [{ to, at: record.timestamp, key: maskedKey(key, bytes, rules), ...stepValue(bytes, rules) }]
  })
  return { steps, skipped: records.length - steps.length }
}

/** Steps of several topics as one sequence: each in its own order, next the one that was written earlier. */
export function mergeSteps(lists: readonly (readonly EventStep[])[]): readonly EventStep[] {
  return lists.flat().toSorted((a, b) => Number(a.at ?? 0) - Number(b.at ?? 0))
}

function filterOf({ filter, fields }: RecordingRules): (bytes: Uint8Array, time: number) => boolean {
  if (filter.trim() === '') return () => true
  const compiled = compileCondition(filter, fields)
  if (!compiled.ok) return () => false
  const decode = decodeJson(fields)
  return (bytes, time) => {
    try {
      return compiled.expression.evaluate(decode(bytes), { time }) === true
    } catch {
      return false
    }
  }
}

/** A record that is no JSON object is kept as it is, unless something of it is to be masked: then nobody knows where. */
function stepValue(
  bytes: Uint8Array | null,
  { masked, salt }: RecordingRules,
): Pick<EventStep, 'value' | 'base64'> {
  if (bytes === null) return { value: null }
  const text = textOf(bytes)
  const object = text === null ? null : exactObject(text)
  if (object !== null) return { value: masked.size === 0 ? object : maskRecord(object, masked, salt) }
  if (masked.size > 0) return { value: maskValue(text ?? '', salt) ?? '' }
  return text === null ? { base64: toBase64(bytes) } : { value: text }
}

/** A key that repeats a masked value would tell it. */
function maskedKey(
  key: string | null,
  bytes: Uint8Array | null,
  { masked, salt }: RecordingRules,
): string | null {
  if (key === null || masked.size === 0 || bytes === null) return key
  const object = exactObject(textOf(bytes) ?? '')
  const isTold = [...masked].some(
    (name) => object !== null && Object.hasOwn(object, name) && String(object[name]) === key,
  )
  return isTold ? String(maskValue(key, salt)) : key
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** A number with more digits than JavaScript's numbers hold: the text of the record is kept in its place. */
const LONG_NUMBER = /(?<=[:[,\s])-?\d{16,}/

function exactObject(text: string): { readonly [name: string]: JsonValue } | null {
  if (LONG_NUMBER.test(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as { readonly [name: string]: JsonValue }) : null
  } catch {
    return null
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
