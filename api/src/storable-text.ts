/** Messages are cut to this length. */
const LIMIT = 2_000

/** A message of any origin, fit for Postgres, lists and logs: no control characters, and not endless. */
export function storableText(text: string): string {
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ').toWellFormed()
  return plain.length > LIMIT ? `${plain.slice(0, LIMIT - 1).toWellFormed()}…` : plain
}
