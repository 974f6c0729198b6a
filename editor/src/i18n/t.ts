declare const marked: unique symbol

/**
 * An English text that a table holds until somebody shows it with `t`. It is no `string` for the compiler, so that it
 * cannot be shown without.
 */
export interface Message {
  readonly [marked]: true
}

/** Texts of a language by their English ones. `{name}` stands for a value. */
export interface LanguageTexts {
  readonly texts: { readonly [english: string]: string }
  /** Titles, summaries and descriptions of node types and templates. */
  readonly fromPackages: { readonly [english: string]: string }
  /** Nouns to count by their English singular, in the forms that `Intl.PluralRules` tells apart. */
  readonly nouns: { readonly [english: string]: { readonly [form: string]: string } }
}

/** A language with its texts; null where the texts in the source are its own. */
interface Spoken {
  readonly code: string
  readonly texts: LanguageTexts | null
  readonly plural: Intl.PluralRules
}

let spoken: Spoken = { code: 'en', texts: null, plural: new Intl.PluralRules('en') }

/** Lets `t` speak another language from now on. */
export function speak(code: string, texts: LanguageTexts | null): void {
  spoken = { code, texts, plural: new Intl.PluralRules(code) }
}

type NamesIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** A text that stands in the source: any other would have no translation. */
type Literal<S extends string> = string extends S ? never : S

/** What a text wants beside it: a value for each of its placeholders. */
export type ValuesFor<S extends string, Value> = [NamesIn<S>] extends [never]
  ? []
  : [values: { readonly [name in NamesIn<S>]: Value }]

/** What may stand for a placeholder; null and undefined leave nothing. */
type Value = string | number | null | undefined

/** Marks an English text of a table for translation; `t` shows it. */
export function msg<const S extends string>(text: Literal<S>): Message {
  return text as unknown as Message
}

/** A text of the editor in the language of whoever reads it: `t('{count} of {total}', { count, total })`. */
export function t(text: Message): string
export function t<const S extends string>(text: Literal<S>, ...values: ValuesFor<S, Value>): string
export function t(text: string | Message, values: { readonly [name: string]: Value } = {}): string {
  return partsOf(textOf(text as string))
    .map((part) => (typeof part === 'string' ? part : String(values[part.name] ?? '')))
    .join('')
}

/** Choices of a table as an input wants them. */
export function shown<Choice extends { readonly label: Message }>(
  choices: readonly Choice[],
): (Omit<Choice, 'label'> & { label: string })[] {
  return choices.map((choice) => ({ ...choice, label: t(choice.label) }))
}

/** A title as it stands within a sentence: English has no capital there. */
export function withinSentence(title: string): string {
  return spoken.code === 'en' ? title.toLowerCase() : title
}

/**
 * The same for a text that a package or the api brings. Those have a catalogue of their own, since a word may mean
 * something else there; one that is not in it stays English.
 */
export function tFrom(english: string): string {
  const texts = spoken.texts?.fromPackages
  return texts !== undefined && Object.hasOwn(texts, english) ? (texts[english] as string) : english
}

/** Makes something once for each language, such as a formatter of `Intl`; gives that of the language that is spoken. */
export function perLanguage<Made>(make: (code: string) => Made): () => Made {
  const made = new Map<string, Made>()
  return () => {
    const known = made.get(spoken.code) ?? make(spoken.code)
    made.set(spoken.code, known)
    return known
  }
}

/** A noun in the form that goes with a count; `plural` is the English form for any but one. */
export function nounFor(count: number, singular: string, plural: string): string {
  const forms = spoken.texts?.nouns[singular]
  if (forms === undefined) return count === 1 ? singular : plural
  return forms[spoken.plural.select(count)] ?? forms.other ?? plural
}

/** The text in the language that is spoken, placeholders as they are. */
export function textOf(english: string): string {
  const { texts } = spoken
  return texts !== null && Object.hasOwn(texts.texts, english) ? (texts.texts[english] as string) : english
}

/** A text cut at its placeholders. */
export function partsOf(text: string): readonly (string | { readonly name: string })[] {
  return text.split(/\{(\w+)\}/).map((part, i) => (i % 2 === 0 ? part : { name: part }))
}
