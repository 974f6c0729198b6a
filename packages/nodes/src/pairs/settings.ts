import { type TArray, type TObject, type TString, Type } from 'typebox'
import { hint } from '../config/hint.ts'
import { choiceSetting, closed, type Showing } from '../config/settings.ts'

/** Which fields a result of two rows has: all of both, or those that are named. */
export type FieldChoice = 'all' | 'chosen'

/** A field that a result takes over, with its name there; an empty one keeps its name. */
export interface TakenField {
  readonly field: string
  readonly as: string
}

const isAll = [[{ setting: 'fields', is: ['all'] }]]
const isChosen = [[{ setting: 'fields', is: ['chosen'] }]]

/** The choice of the fields of a result. */
export function fieldChoiceSetting(showing: Showing = {}) {
  return choiceSetting(
    {
      title: 'Fields of a result',
      description: 'All fields of both events, or those that you choose and rename.',
      default: 'all',
      ...showing,
    },
    { all: 'All of both', chosen: 'These' },
  )
}

/** The fields that a result takes from one of its two rows; `port` is where the row comes in. */
export function takenFieldsSetting(
  title: string,
  port: string,
  showWhen: Showing['showWhen'] = isChosen,
): TArray<TObject<{ field: TString; as: TString }>> {
  const taken = Type.Object(
    {
      field: Type.String({
        title: 'Field',
        description: 'A field of the event.',
        default: '',
        maxLength: 200,
        ...hint('field', { port }),
      }),
      as: Type.String({
        title: 'As',
        description: 'Its name in the result; empty keeps the name.',
        default: '',
        maxLength: 200,
        ...hint('text'),
      }),
    },
    closed,
  )
  return Type.Array(taken, {
    title,
    description: 'What a result takes from it.',
    default: [],
    maxItems: 500,
    ...hint('list', { ...(showWhen && { showWhen }) }),
  })
}

/** What stands in front of the names of one row's fields, where both rows have a field of that name. */
export function prefixSetting(
  title: string,
  initial: string,
  showWhen: Showing['showWhen'] = isAll,
): TString {
  return Type.String({
    title,
    description: 'Stands in front of a name that both events have.',
    default: initial,
    maxLength: 50,
    ...hint('text', { advanced: true, placeholder: initial, ...(showWhen && { showWhen }) }),
  })
}
