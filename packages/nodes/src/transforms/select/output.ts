import type { Inference, StreamSchema } from '@millrace/graph'
import { type Column, columnsOf } from './columns.ts'
import type { SelectConfig } from './settings.ts'

/** Nothing where an expression is wrong, or what names the rows of an updating stream is lost. */
export function outputsOf(settings: SelectConfig, input: StreamSchema): Inference['outputs'] {
  const columns = columnsOf(settings, input.fields)
  if (columns === null || new Set(columns.map(({ name }) => name)).size < columns.length) return {}
  const { updates } = input
  const updateKey = updates?.key.map((name) => newName(name, columns)) ?? []
  if (!updateKey.every((name) => name !== null)) return {}
  const renamed = (field: string) => newName(field, columns)
  const partitionedBy = input.partitionedBy?.map(renamed) ?? [null]
  return {
    out: {
      fields: columns.map(({ name, expression }) => ({ name, type: expression.type })),
      partitionedBy: partitionedBy.every((name) => name !== null) ? partitionedBy : null,
      eventTimeField: input.eventTimeField === null ? null : renamed(input.eventTimeField),
      ...(updates && { updates: { ...updates, key: updateKey } }),
    },
  }
}

/** A name under which an input field goes on: its own one if it still has it; null where its values are gone. */
export function newName(field: string, columns: readonly Column[]): string | null {
  const copies = columns.filter(({ expression }) => expression.plainField === field)
  return (copies.find(({ name }) => name === field) ?? copies[0])?.name ?? null
}
