import { useMantineColorScheme } from '@mantine/core'
import { useCallback, useSyncExternalStore } from 'react'
import { type Message, msg } from '../i18n/t.ts'

/** How Millrace looks: as the system asks, or as somebody chose. */
export type Appearance = 'system' | 'light' | 'dark' | 'contrast-light' | 'contrast-dark'

/** What can be chosen, in the order in which it is offered. */
export const APPEARANCES: readonly { readonly value: Appearance; readonly label: Message }[] = [
  { value: 'system', label: msg('As the system') },
  { value: 'light', label: msg('Light') },
  { value: 'dark', label: msg('Dark') },
  { value: 'contrast-light', label: msg('Light, high contrast') },
  { value: 'contrast-dark', label: msg('Dark, high contrast') },
]

const KEY = 'millrace-appearance'
const MORE = '(prefers-contrast: more)'

const listeners = new Set<() => void>()

/** What was chosen in this browser; the system's where nothing was, or nothing that is known. */
export function readAppearance(): Appearance {
  const kept = localStorage.getItem(KEY)
  return APPEARANCES.find(({ value }) => value === kept)?.value ?? 'system'
}

/** Gives the document the contrast that was chosen, and follows the system where nothing was. */
export function followContrast(): void {
  matchMedia(MORE).addEventListener('change', applyContrast)
  listeners.add(applyContrast)
  applyContrast()
}

function applyContrast(): void {
  const appearance = readAppearance()
  const isMore = appearance === 'system' ? matchMedia(MORE).matches : appearance.startsWith('contrast-')
  document.documentElement.toggleAttribute('data-contrast', isMore)
  if (isMore) document.documentElement.dataset.contrast = 'more'
}

/** What is chosen, and how to choose something else; the choice is kept in this browser. */
export function useAppearance(): readonly [Appearance, (next: Appearance) => void] {
  const { setColorScheme } = useMantineColorScheme()
  const appearance = useSyncExternalStore(subscribe, readAppearance)
  const choose = useCallback(
    (next: Appearance) => {
      localStorage.setItem(KEY, next)
      setColorScheme(next === 'system' ? 'auto' : next.endsWith('dark') ? 'dark' : 'light')
      for (const listener of listeners) listener()
    },
    [setColorScheme],
  )
  return [appearance, choose]
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
