import { type Message, msg, t } from '../i18n/t.ts'

/** Names on keys that differ from language to language. */
const NAMES: { readonly [name: string]: Message } = {
  Ctrl: msg('Ctrl'),
  Shift: msg('Shift'),
  Escape: msg('Escape'),
  Delete: msg('Del'),
  Backspace: msg('Backspace'),
  Enter: msg('Enter'),
  Space: msg('Space'),
  Right: msg('Right'),
  Left: msg('Left'),
  Up: msg('Up'),
  Down: msg('Down'),
  drag: msg('drag'),
  click: msg('click'),
}

/** `Ctrl Shift Z` as it stands on the keyboard of whoever reads it. */
export function keyNames(keys: string): string {
  return keys
    .split(' ')
    .map((key) => (NAMES[key] === undefined ? key : t(NAMES[key])))
    .join(' ')
}
