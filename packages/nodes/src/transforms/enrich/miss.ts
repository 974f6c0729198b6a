import { RecordError } from '@millrace/engine'
import { keyPairs } from './reference-data.ts'
import type { EnrichConfig } from './settings.ts'

/** Why an event is dropped that finds no row. */
export function dropCause(config: EnrichConfig): string {
  return `no such row in ${nameOf(config)}`
}

/** Why an event that finds no row goes to dead letters. */
export function missing(config: EnrichConfig): RecordError {
  const keys = keyPairs(config).map(({ key }) => `"${key}"`)
  return new RecordError('no_reference_row', `${nameOf(config)} has no row for ${keys.join(', ')}.`)
}

function nameOf({ reference, topic }: EnrichConfig): string {
  return reference === 'table' ? 'the table' : topic
}
