import type { Field } from '@millrace/expr'
import { readSchema } from '../../config/check-schema.ts'
import { readCsvTable } from './csv/csv-table.ts'
import type { EnrichConfig } from './settings.ts'

/** One field of the event with the field of the reference that it must be equal to. */
export type KeyPair = Pick<EnrichConfig, 'key' | 'keyField'>

/** By what rows are looked up: the first pair may lead through an array, the others have a meaning for tables alone. */
export function keyPairs(settings: EnrichConfig): readonly KeyPair[] {
  const { key, keyField, furtherKeys } = settings
  return [{ key, keyField }, ...(settings.reference === 'table' ? furtherKeys : [])]
}

/** Fields of the reference data, as far as they can be read. */
export function referenceFields(settings: EnrichConfig): readonly Field[] {
  return settings.reference === 'table' ? readCsvTable(settings).fields : readSchema(settings.fields)
}
