import type { MakeId } from './edits.ts'

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'
const LENGTH = 6

/** Random ids such as `filter_7k2p0a`: of six letters and digits behind the prefix. */
export const makeId: MakeId = (prefix) => {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH))
  return `${prefix}_${[...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`
}
