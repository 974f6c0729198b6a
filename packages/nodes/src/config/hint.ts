import type { FormControl, FormHint } from '@millrace/graph'

/** The `x-ui` keyword of a setting: which input of the form shows it. */
export function hint(
  control: FormControl,
  more: Omit<FormHint, 'control'> = {},
): { readonly 'x-ui': FormHint } {
  return { 'x-ui': { control, ...more } }
}
