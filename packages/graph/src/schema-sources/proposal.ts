import type { DataType } from '@millrace/expr'

/** A field that a sample or a schema suggests. */
export interface ProposedField {
  readonly name: string
  readonly type: DataType
  /** Share of the values that were seen which the type can read, from 0 to 1; 1 where a schema says so. */
  readonly confidence: number
  /** All its values, where they are few different texts; of a sample the most frequent first. */
  readonly values?: readonly string[]
  /** What else to know about it, in sentences. */
  readonly remarks: readonly string[]
}

/** A part of a sample or a schema that is left out, or changes its meaning, and why. */
export interface SchemaIssue {
  /** Names from the outermost field on; `[]` stands for the elements of an array, `{}` for the values of a map. */
  readonly path: readonly string[]
  readonly message: string
}

/** What a sample or a schema suggests. */
export interface ProposedFields {
  readonly fields: readonly ProposedField[]
  readonly issues: readonly SchemaIssue[]
}

/** Bounds of what is read, so that hostile samples and schemas take bounded time. */
export const SCHEMA_SOURCE_LIMITS = {
  /** Levels of nesting; what is deeper is left out. */
  depth: 8,
  /** Fields of one object, and of one result in all. */
  fields: 1_000,
  /** UTF-16 units of a name. */
  nameLength: 200,
  /** UTF-16 units of a schema's text. */
  schemaLength: 1_048_576,
  issues: 100,
} as const
