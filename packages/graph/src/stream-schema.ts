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
  /** Set in an updating stream, whose rows are corrected later. Absent: append-only, every row is final. */
  readonly updates?: StreamUpdates
}

/** How the rows of an updating stream are corrected. */
export interface StreamUpdates {
  /** Names of the fields that name a row, which no update changes: a later record of the same key replaces or deletes it. */
  readonly key: readonly string[]
  /** True where every update and deletion carries the whole row that it replaces; else it carries no more than the key. */
  readonly before: boolean
}

/** The field with this name, or undefined. */
export function fieldOf(schema: StreamSchema, name: string): Field | undefined {
  return schema.fields.find((field) => field.name === name)
}

/** The position of a field in the rows of this schema; −1 where it has none of that name. */
export function fieldIndex(schema: StreamSchema, name: string): number {
  return schema.fields.findIndex((field) => field.name === name)
}

/**
 * True where an update can give a row another value in one of these fields without saying which one it had: whoever
 * holds rows by these fields could not find the old one.
 */
export function mayMoveUntold({ updates }: StreamSchema, fields: readonly string[]): boolean {
  return updates !== undefined && !updates.before && !fields.every((name) => updates.key.includes(name))
}
