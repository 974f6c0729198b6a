import { type Static, Type } from 'typebox'
import { hint } from '../../config/hint.ts'
import { choiceSetting, closed } from '../../config/settings.ts'

/** Most elements of one event, whatever the settings say. */
const MAX_ELEMENTS = 100_000

/** The setting of an explode. */
export const config = Type.Object(
  {
    list: Type.String({
      title: 'Array or map',
      description: "A field such as items, or an expression such as split(tags, ',').",
      default: '',
      maxLength: 4096,
      ...hint('expression', { port: 'in', placeholder: 'items' }),
    }),
    parts: choiceSetting(
      {
        title: 'Each element goes',
        description:
          'What becomes of an element. Field by field is for structs: each of their fields is one of the row.',
        default: 'whole',
      },
      { whole: 'Into one field', spread: 'Field by field' },
    ),
    as: Type.String({
      title: 'Called',
      description: 'Name of the field that holds the element. Empty: as the array or map, else element.',
      default: '',
      maxLength: 200,
      ...hint('text', { showWhen: [[{ setting: 'parts', is: ['whole'] }]] }),
    }),
    prefix: Type.String({
      title: 'Prefix',
      description: 'Stands in front of the names of the fields of the element, such as item_.',
      default: '',
      maxLength: 100,
      ...hint('text', { showWhen: [[{ setting: 'parts', is: ['spread'] }]] }),
    }),
    index: Type.String({
      title: 'Position or key',
      description:
        'Name of a field for the position of the element in its array, from 1, or for its key in the map. Empty: none.',
      default: '',
      maxLength: 200,
      ...hint('text'),
    }),
    empty: choiceSetting(
      {
        title: 'Events without elements',
        description: 'What happens to an event whose array or map is empty or null.',
        default: 'drop',
      },
      { drop: 'Drop', keep: 'Keep, with nulls' },
    ),
    limit: Type.Integer({
      title: 'At most',
      description: 'An event with more elements than this goes to dead letters.',
      default: 10_000,
      minimum: 1,
      maximum: MAX_ELEMENTS,
      ...hint('number', { advanced: true }),
    }),
  },
  closed,
)

/** Settings of an explode. */
export type ExplodeConfig = Static<typeof config>

/** Those of a fresh one. */
export const DEFAULTS: ExplodeConfig = {
  list: '',
  parts: 'whole',
  as: '',
  prefix: '',
  index: '',
  empty: 'drop',
  limit: 10_000,
}
