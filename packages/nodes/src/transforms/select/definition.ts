import { defineNode } from '@millrace/graph'
import { checkInput, checkSettings } from './check-select.ts'
import { outputsOf } from './output.ts'
import { config, DEFAULTS, migrate, type SelectConfig } from './settings.ts'

/** Keeps, drops, renames and casts fields, and derives new ones. */
export const select = defineNode<SelectConfig>({
  type: 'select',
  version: 2,
  kind: 'transform',
  title: 'Select',
  summary: 'Keeps, drops, renames and casts fields, and derives new ones.',
  icon: 'select',
  config,
  defaults: DEFAULTS,
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Events' }],
  digest,
  migrate,
  infer: (settings, { in: input }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: [...checkSettings(settings), ...(input ? checkInput(settings, input) : [])],
  }),
})

function digest({ rest, keep, drop, rename, cast, fields }: SelectConfig): string {
  const parts = [
    ...(rest === 'drop' ? keep : []),
    ...fields.map(({ name }) => name),
    ...rename.map(({ field, name }) => `${field} → ${name}`),
    ...cast.map(({ field, type }) => `${field}: ${type}`),
    ...(rest === 'keep' ? drop.map((name) => `−${name}`) : []),
  ]
  return parts.join(', ')
}
