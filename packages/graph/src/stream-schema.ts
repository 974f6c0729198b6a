import type { Field } from '@millrace/expr'

/** What flows along an edge. */
export interface StreamSchema {
  readonly fields: readonly Field[]
  /**
   * The fields by which rows are spread over partitions: rows that agree in them are in the same partition.
   * Null where nothing is known. Names are followed through renames.
   */
  readonly partitionedBy: readonly string[] | null
  /** Name of the field that holds the event time, where a field does. */
  readonly eventTimeField: string | null
}

/** The field with this name, or undefined. */
export function fieldOf(schema: StreamSchema, name: string): Field | undefined {
  return schema.fields.find((field) => field.name === name)
}

/** The position of a field in the rows of this schema; −1 where it has none of that name. */
export function fieldIndex(schema: StreamSchema, name: string): number {
  return schema.fields.findIndex((field) => field.name === name)
}
