import type { JsonValue } from '@millrace/graph'
import type { FieldSpec } from './describe-form.ts'

/** What every control of a form gets. */
export interface ControlProps {
  readonly spec: FieldSpec
  /** Where the setting stands in the node's config. */
  readonly path: readonly string[]
  readonly value: JsonValue | undefined
  readonly onChange: (value: JsonValue | undefined) => void
  /** Set where something is wrong with the setting: it is marked so; the words stand below it. */
  readonly isWrong: boolean
  /** Id for the element that describes what is wrong. */
  readonly describedBy: string | undefined
}

/** The value as text; anything else is as if nothing was there. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** What an emptied text means: nothing for settings that may be absent or null, else the empty text. */
export function emptied(spec: FieldSpec, text: string): JsonValue | undefined {
  if (text !== '') return text
  if (spec.nullable) return null
  return spec.optional ? undefined : ''
}

/** What all inputs of a form have in common. */
export function inputProps({ spec, isWrong, describedBy }: ControlProps) {
  return {
    size: 'sm',
    label: spec.title,
    description: spec.description,
    error: isWrong,
    'aria-describedby': describedBy,
  } as const
}
