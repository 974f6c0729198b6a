import { MantineProvider } from '@mantine/core'
import { act, renderHook } from '@testing-library/react'
import type { PropsWithChildren } from 'react'
import { beforeEach, expect, test } from 'vitest'
import { followContrast, readAppearance, useAppearance } from './appearance.ts'

const html = document.documentElement

function around({ children }: PropsWithChildren) {
  return <MantineProvider defaultColorScheme="auto">{children}</MantineProvider>
}

beforeEach(() => localStorage.clear())

test('a theme that is chosen holds at once and is kept', () => {
  followContrast()
  const { result } = renderHook(useAppearance, { wrapper: around })
  expect(result.current[0]).toBe('system')
  act(() => result.current[1]('contrast-dark'))
  expect(result.current[0]).toBe('contrast-dark')
  expect(html.dataset.contrast).toBe('more')
  expect(html.getAttribute('data-mantine-color-scheme')).toBe('dark')
  expect(readAppearance()).toBe('contrast-dark')
  act(() => result.current[1]('light'))
  expect(html.dataset.contrast).toBeUndefined()
  expect(html.getAttribute('data-mantine-color-scheme')).toBe('light')
})

test('what is kept and means nothing is the system', () => {
  localStorage.setItem('millrace-appearance', 'plaid')
  expect(readAppearance()).toBe('system')
})
