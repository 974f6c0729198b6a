import { act, render, screen } from '@testing-library/react'
import { memo } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { counted, formatCount } from '../format/numbers.ts'
import { formatAgo, formatDateTime } from '../format/times.ts'
import { chooseLanguage, preferredLanguage, startLanguage, useLanguage } from './language.ts'
import { rich } from './rich.tsx'
import { msg, t, tFrom, withinSentence } from './t.ts'

const SAVE = msg('Save')

beforeEach(() => localStorage.clear())
afterEach(async () => {
  vi.restoreAllMocks()
  await chooseLanguage('en')
})

describe('German', () => {
  beforeEach(() => chooseLanguage('de'))

  test('stands in texts, in tables and around elements', () => {
    expect(t('Rename {name}', { name: '{label}' })).toBe('{label} umbenennen')
    expect(t(SAVE)).toBe('Speichern')
    render(<p>{rich('I know that {label} starts with empty state.', { label: <b>sums</b> })}</p>)
    expect(screen.getByText(/^Mir ist bewusst/)).toHaveProperty(
      'textContent',
      'Mir ist bewusst, dass sums mit leerem Zustand beginnt.',
    )
  })

  test('has numbers, dates and counted words of its own', () => {
    expect(formatCount(12_345)).toBe('12.345')
    expect(counted(1, 'row')).toBe('1 Zeile')
    expect(counted(2, 'index', 'indices')).toBe('2 Indizes')
    expect(formatDateTime(new Date(2026, 0, 31, 14, 2, 31).getTime())).toBe('31. Jan. 2026, 14:02:31')
    expect(formatAgo(0, 3 * 86_400_000)).toBe('vor 3 Tagen')
    expect(withinSentence('Bedingungen')).toBe('Bedingungen')
  })

  test('has the words of node types, and leaves a name that is none of them', () => {
    expect(tFrom('Wait for late events')).toBe('Auf verspätete Ereignisse warten')
    expect(tFrom('My own branch')).toBe('My own branch')
  })

  test('is told to the browser and kept', () => {
    expect(document.documentElement.lang).toBe('de')
    expect(preferredLanguage()).toBe('de')
  })
})

test('at first the editor speaks the first language of the browser that it knows', async () => {
  const wishes = vi.spyOn(navigator, 'languages', 'get')
  wishes.mockReturnValue(['fr-FR', 'de-AT', 'en'])
  await startLanguage()
  expect(t(SAVE)).toBe('Speichern')
  wishes.mockReturnValue(['fr-FR'])
  await startLanguage()
  expect(t(SAVE)).toBe('Save')
})

test('what is kept and means nothing is no language', () => {
  localStorage.setItem('millrace-language', 'tlh')
  expect(preferredLanguage()).toBe('en')
})

test('what is drawn once is drawn anew in another language, and keeps its state', async () => {
  const Button = memo(function Button() {
    useLanguage()
    return <input defaultValue="" aria-label={t('Search')} />
  })
  render(<Button />)
  const input = screen.getByRole<HTMLInputElement>('textbox', { name: 'Search' })
  input.value = 'half a word'
  await act(() => chooseLanguage('de'))
  expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Suchen' }).value).toBe('half a word')
})
