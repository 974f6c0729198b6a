import type { NodeConfig } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { hint } from '../../config/hint.ts'
import { choiceSetting, closed, fieldsSetting } from '../../config/settings.ts'

const MAX_FIELDS = 500

function fieldOf(description: string) {
  return Type.String({
    title: 'Field',
    description,
    default: '',
    maxLength: 200,
    ...hint('field', { port: 'in' }),
  })
}

function nameOf(description: string) {
  return Type.String({ title: 'Name', description, default: '', maxLength: 200, ...hint('text') })
}

const renamed = Type.Object(
  {
    field: fieldOf('A field of the events.'),
    name: nameOf('Its new name.'),
  },
  closed,
)

const cast = Type.Object(
  {
    field: fieldOf('A field of the events.'),
    type: Type.String({
      title: 'Type',
      description: 'Such as double, timestamp or decimal(18, 2).',
      default: '',
      maxLength: 10_000,
      ...hint('type', { placeholder: 'double' }),
    }),
    failure: choiceSetting(
      {
        title: 'If that fails',
        description: 'What happens to an event whose value cannot be one of the type.',
        default: 'dead-letter',
      },
      { 'dead-letter': 'Dead letters', null: 'Null' },
    ),
  },
  closed,
)

const derived = Type.Object(
  {
    name: nameOf('Name of the field. One that exists is replaced in its place.'),
    expression: Type.String({
      title: 'Expression',
      description: 'Its value, such as total * 0.19. All expressions see the events as they flow in.',
      default: '',
      maxLength: 4096,
      ...hint('expression', { port: 'in' }),
    }),
  },
  closed,
)

const isKept = { setting: 'rest', is: ['keep'] }
const isDropped = { setting: 'rest', is: ['drop'] }

/** Settings of a select; what has no meaning for what happens to the other fields is kept and ignored. */
export const config = Type.Object(
  {
    rest: choiceSetting(
      {
        title: 'Other fields',
        description: 'What happens to the fields that are named nowhere here.',
        default: 'keep',
      },
      { keep: 'Keep', drop: 'Drop' },
    ),
    keep: {
      ...fieldsSetting({ title: 'Keep', description: 'Fields of the events that go on as they are.' }),
      maxItems: MAX_FIELDS,
      ...hint('fields', { port: 'in', showWhen: [[isDropped]] }),
    },
    drop: {
      ...fieldsSetting({
        title: 'Drop',
        description: 'Fields of the events that go no further, also under a name that one gets below.',
      }),
      maxItems: MAX_FIELDS,
      ...hint('fields', { port: 'in', showWhen: [[isKept]] }),
    },
    rename: Type.Array(renamed, {
      title: 'Rename',
      description: 'Fields that go on in their place under another name.',
      default: [],
      maxItems: MAX_FIELDS,
      ...hint('list', { entry: 'Renamed field' }),
    }),
    cast: Type.Array(cast, {
      title: 'Change types',
      description: 'Fields that go on in their place with another type.',
      default: [],
      maxItems: MAX_FIELDS,
      ...hint('list', { entry: 'Changed type' }),
    }),
    fields: Type.Array(derived, {
      title: 'Derive',
      description: 'Fields with values of their own, behind the others.',
      default: [],
      maxItems: MAX_FIELDS,
      ...hint('list', { entry: 'Derived field' }),
    }),
  },
  closed,
)

/** Settings of a select. */
export type SelectConfig = Static<typeof config>

/** Those of a fresh one. */
export const DEFAULTS: SelectConfig = { rest: 'keep', keep: [], drop: [], rename: [], cast: [], fields: [] }

/** Version 1 derived everything: it had no lists of what is kept, renamed and cast. */
export function migrate(config: NodeConfig): NodeConfig {
  return { keep: [], rename: [], cast: [], ...config }
}
