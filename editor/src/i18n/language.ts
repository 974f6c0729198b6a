import { useSyncExternalStore } from 'react'
import { type LanguageTexts, speak } from './t.ts'

/** What the editor speaks, by its own name. */
export const LANGUAGES = [
  { value: 'en', name: 'English' },
  { value: 'de', name: 'Deutsch' },
] as const

/** Code of a language that the editor speaks. */
export type Language = (typeof LANGUAGES)[number]['value']

/** Where the texts of each are; none where they are those of the source. */
const TEXTS: { readonly [Code in Language]: () => Promise<LanguageTexts | null> } = {
  en: async () => null,
  de: async () => (await import('./de/index.ts')).texts,
}

const KEY = 'millrace-language'

const listeners = new Set<() => void>()
let current: Language = 'en'

/** What was chosen in this browser; else the first of the browser's languages that the editor speaks; else English. */
export function preferredLanguage(): Language {
  const wishes = [localStorage.getItem(KEY) ?? '', ...navigator.languages]
  const known = wishes.map((wish) => LANGUAGES.find(({ value }) => value === wish.split('-')[0])?.value)
  return known.find((language) => language !== undefined) ?? 'en'
}

/** Speaks the preferred language, before anything is shown; English where its texts cannot be had. */
export async function startLanguage(): Promise<void> {
  await speakAs(preferredLanguage()).catch(() => speakAs('en'))
}

/**
 * Speaks another language at once and keeps the choice in this browser. What is open stays as it is.
 *
 * @throws where its texts cannot be loaded: then all stays as it was
 */
export async function chooseLanguage(language: Language): Promise<void> {
  await speakAs(language)
  localStorage.setItem(KEY, language)
}

async function speakAs(language: Language): Promise<void> {
  speak(language, await TEXTS[language]())
  current = language
  document.documentElement.lang = language
  for (const listener of listeners) listener()
}

/**
 * The language that is spoken. A page and a component in `memo` call it, so that they are drawn anew when another one is
 * chosen; what they draw needs not.
 */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
