import type { FormHint } from '@millrace/graph'
import {
  type TArray,
  type TBoolean,
  type TInteger,
  type TNull,
  type TObject,
  type TOptional,
  type TString,
  type TUnion,
  type TUnsafe,
  Type,
} from 'typebox'
import { hint } from './hint.ts'

/** Settings have exactly the members that their schema names. */
export const closed = { additionalProperties: false } as const

/** What every setting says of itself. */
export interface SettingText {
  readonly title: string
  readonly description: string
}

/** When and where the form shows a setting. */
export type Showing = Pick<FormHint, 'advanced' | 'showWhen'>

/** A span of time in ms. */
export interface DurationSetting extends SettingText, Showing {
  readonly default: number
  readonly minimum: number
  readonly maximum: number
}

/** A year in ms: no span of time that is set may be longer. */
export const YEAR = 366 * 86_400_000

/** A connection to a server, by its id; empty while none is chosen. */
export function connectionSetting(
  kind: 'kafka' | 'elasticsearch',
  description: string,
  showing: Showing = {},
): TString {
  return Type.String({
    title: 'Connection',
    description,
    default: '',
    maxLength: 40,
    ...hint('connection', { connection: kind, ...showing }),
  })
}

/** A topic of the chosen connection; empty while none is chosen. */
export function topicSetting(description: string, showing: Showing & Pick<FormHint, 'fills'> = {}): TString {
  return Type.String({ title: 'Topic', description, default: '', maxLength: 249, ...hint('topic', showing) })
}

/** A condition over the rows of the input `in`, or over those that `rows` names; empty where there is none. */
export function conditionSetting(
  text: SettingText,
  { advanced, rows }: Pick<FormHint, 'advanced' | 'rows'> = {},
): TString {
  const over = rows === undefined ? { port: 'in' } : { rows }
  return Type.String({
    ...{ ...text, default: '', maxLength: 4096 },
    ...hint('condition', { ...over, ...(advanced && { advanced }) }),
  })
}

/** A span of time in whole ms. */
export function durationSetting({ advanced, showWhen, ...setting }: DurationSetting): TInteger {
  return Type.Integer({ ...setting, ...hint('duration', shown({ advanced, showWhen })) })
}

/** A span of time in whole ms, or null for never. */
export function optionalDurationSetting(
  setting: Omit<DurationSetting, 'default'> & { readonly default: number | null },
): TUnion<[TInteger, TNull]> {
  const { title, description, default: initial, advanced, showWhen, ...bounds } = setting
  return Type.Union([Type.Integer(bounds), Type.Null()], {
    title,
    description,
    default: initial,
    ...hint('duration', shown({ advanced, showWhen })),
  })
}

/** One of several words, each with the text that the form shows. */
export function choiceSetting<Word extends string>(
  { advanced, showWhen, ...text }: SettingText & Showing & { readonly default: NoInfer<Word> },
  words: Readonly<Record<Word, string>>,
): TUnsafe<Word> {
  const options = Object.entries<string>(words).map(([word, title]) => Type.Literal(word, { title }))
  return Type.Unsafe<Word>(Type.Union(options, { ...text, ...hint('choice', shown({ advanced, showWhen })) }))
}

/** What is not said is left out. */
function shown({
  advanced,
  showWhen,
}: { readonly [name in keyof Showing]: Showing[name] | undefined }): Showing {
  return { ...(advanced && { advanced }), ...(showWhen && { showWhen }) }
}

/** Names of fields of what flows in. */
export function fieldsSetting(text: SettingText): TArray<TString> {
  return Type.Array(Type.String({ maxLength: 200 }), {
    ...text,
    default: [],
    maxItems: 50,
    uniqueItems: true,
    ...hint('fields', { port: 'in' }),
  })
}

/** A table of fields with their types. */
export function schemaSetting(
  text: SettingText,
  showing: Showing & Pick<FormHint, 'sample'> = {},
): TArray<TObject<{ name: TString; type: TString; sensitive: TOptional<TBoolean> }>> {
  const row = Type.Object(
    {
      name: Type.String({
        title: 'Name',
        description: 'Name of the member in the JSON object.',
        default: '',
        maxLength: 200,
        ...hint('text'),
      }),
      type: Type.String({
        title: 'Type',
        description: 'Such as string, int64 not null or array<struct<sku string, qty int64>>.',
        default: 'string',
        maxLength: 10_000,
        ...hint('text', { placeholder: 'string' }),
      }),
      sensitive: Type.Optional(
        Type.Boolean({
          title: 'Sensitive',
          description: 'Its values, and what is made of them, are masked wherever events are shown.',
          default: false,
          ...hint('toggle'),
        }),
      ),
    },
    closed,
  )
  return Type.Array(row, { ...text, default: [], maxItems: 1000, ...hint('schema', showing) })
}
