import { compile } from '@millrace/expr'
import { type ConfigIssue, defineNode, type Inference, quote, type StreamSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { expressionIssues } from '../../config/check-expression.ts'
import { ANY_USE, checkFields } from '../../config/check-fields.ts'
import { duplicateField } from '../../config/check-schema.ts'
import { hint } from '../../config/hint.ts'
import { issue } from '../../config/issue.ts'
import { choiceSetting, closed, fieldsSetting } from '../../config/settings.ts'
import { type Column, columnsOf } from './columns.ts'

const derived = Type.Object(
  {
    name: Type.String({
      title: 'Name',
      description: 'Name of the field. One that exists is replaced in its place.',
      default: '',
      maxLength: 200,
      ...hint('text'),
    }),
    expression: Type.String({
      title: 'Expression',
      description: 'Its value. A field alone renames it; cast(x as double) changes its type.',
      default: '',
      maxLength: 4096,
      ...hint('expression', { port: 'in' }),
    }),
  },
  closed,
)

const config = Type.Object(
  {
    rest: choiceSetting(
      {
        title: 'Other fields',
        description: 'What happens to the fields that are named nowhere here.',
        default: 'keep',
      },
      { keep: 'Keep', drop: 'Drop' },
    ),
    fields: Type.Array(derived, {
      title: 'Fields',
      description: 'Fields that are derived, renamed, cast or, where the others are dropped, kept.',
      default: [],
      maxItems: 500,
      ...hint('list'),
    }),
    drop: {
      ...fieldsSetting({
        title: 'Drop',
        description: 'Fields of the input that go no further, also under their old name after a rename.',
      }),
      maxItems: 500,
    },
  },
  closed,
)

/** Settings of a select. */
export type SelectConfig = Static<typeof config>

/** Derives, renames, casts and drops fields. */
export const select = defineNode<SelectConfig>({
  type: 'select',
  version: 1,
  kind: 'transform',
  title: 'Select',
  summary: 'Derives, renames, casts and drops fields.',
  icon: 'select',
  config,
  defaults: { rest: 'keep', fields: [], drop: [] },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Events' }],
  digest: ({ fields, drop }) =>
    [...fields.map(({ name }) => name), ...drop.map((name) => `−${name}`)].join(', '),
  infer: (settings, { in: input }) => {
    const issues = [...checkNames(settings), ...(input ? checkInput(settings, input) : [])]
    return { outputs: input ? outputsOf(settings, input) : {}, issues }
  },
})

function checkNames({ rest, fields }: SelectConfig): readonly ConfigIssue[] {
  if (rest === 'drop' && fields.length === 0) {
    return [issue('fields_missing', ['fields'], 'Nothing is left: name the fields to keep.')]
  }
  const names = fields.map(({ name }) => name)
  return names.flatMap((name, i) => {
    const path = ['fields', String(i), 'name']
    if (name === '') return [issue('field_name_missing', path, 'Give the field a name.')]
    return names.indexOf(name) < i ? [duplicateField(name, path)] : []
  })
}

function checkInput(settings: SelectConfig, input: StreamSchema): readonly ConfigIssue[] {
  const { fields, drop } = settings
  return [
    ...fields.flatMap(({ expression }, i) =>
      expressionIssues(expression, compile(expression, input.fields), ['fields', String(i), 'expression']),
    ),
    ...checkFields(drop, input.fields, ANY_USE, 'drop'),
    ...checkUpdateKey(settings, input),
  ]
}

/** What names the rows of an updating stream must go on, or nobody could tell which row is corrected. */
function checkUpdateKey(settings: SelectConfig, { fields, updates }: StreamSchema): readonly ConfigIssue[] {
  const columns = updates && columnsOf(settings, fields)
  if (!columns) return []
  return updates.key.flatMap((name) => {
    if (newName(name, columns) !== null) return []
    const dropped = settings.drop.indexOf(name)
    const path = dropped < 0 ? ['fields'] : ['drop', String(dropped)]
    const message = `Keep ${quote(name)} as it is, under this name or another: it tells which row is corrected later.`
    return [issue('update_key_lost', path, message)]
  })
}

/** Nothing where an expression is wrong, or what names the rows of an updating stream is lost. */
function outputsOf(settings: SelectConfig, input: StreamSchema): Inference['outputs'] {
  const columns = columnsOf(settings, input.fields)
  if (columns === null) return {}
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
function newName(field: string, columns: readonly Column[]): string | null {
  const copies = columns.filter(({ expression }) => expression.plainField === field)
  return (copies.find(({ name }) => name === field) ?? copies[0])?.name ?? null
}
