import { afterEach, describe, expect, test } from 'vitest'
import { ALL_KEYS, shortcutOf } from './use-shortcuts.ts'

function press(key: string, init: KeyboardEventInit = {}, target: Element = document.body) {
  let found: ReturnType<typeof shortcutOf>
  const listen = (event: Event) => {
    found = shortcutOf(event as KeyboardEvent)
  }
  document.addEventListener('keydown', listen, { once: true })
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...init }))
  return found?.key
}

function show(html: string): Element {
  document.body.innerHTML = html
  return document.body.firstElementChild ?? document.body
}

afterEach(() => {
  document.body.innerHTML = ''
})

describe('shortcuts', () => {
  test.each([
    ['z', { ctrlKey: true }],
    ['Z', { ctrlKey: true, shiftKey: true }],
    ['y', { metaKey: true }],
    ['Delete', {}],
    ['Backspace', {}],
    ['n', {}],
    ['k', { metaKey: true }],
    ['Delete', { ctrlKey: true }],
    ['?', { shiftKey: true }],
    ['?', {}],
  ])('%s with %o is one', (key, init) => {
    expect(press(key, init)).toBe(key.toLowerCase())
  })

  test('other combinations are not', () => {
    expect(press('s', { ctrlKey: true, shiftKey: true })).toBeUndefined()
    expect(press('n', { ctrlKey: true })).toBeUndefined()
    expect(press('z', { altKey: true, ctrlKey: true })).toBeUndefined()
  })

  test.each([
    '<input>',
    '<textarea></textarea>',
    '<div role="listbox"></div>',
    '<div contenteditable="true"></div>',
  ])('within %s keys belong to the typing, but Save works everywhere', (html) => {
    const target = show(html)
    expect(press('Backspace', {}, target)).toBeUndefined()
    expect(press('z', { ctrlKey: true }, target)).toBeUndefined()
    expect(press('s', { ctrlKey: true }, target)).toBe('s')
  })

  test('the search opens everywhere, the sheet not within an input', () => {
    const target = show('<input>')
    expect(press('k', { ctrlKey: true }, target)).toBe('k')
    expect(press('?', { shiftKey: true }, target)).toBeUndefined()
  })

  test('stand on the sheet once each, with what they do', () => {
    const keys = ALL_KEYS.map((row) => row.keys)
    expect(new Set(keys).size).toBe(keys.length)
    for (const { what } of ALL_KEYS) expect(what).not.toBe('')
  })

  test('all stand down while a dialog is open', () => {
    show('<div role="dialog" aria-modal="true"></div>')
    expect(press('s', { ctrlKey: true })).toBeUndefined()
    expect(press('Delete')).toBeUndefined()
  })
})
