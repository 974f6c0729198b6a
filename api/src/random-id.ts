import { randomInt } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A new id, 12 of [a-z0-9]: 62 random bits, fit for names of topics and keys. It is no secret. */
export function randomId(): string {
  return Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
