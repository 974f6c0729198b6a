const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const

/** A span of time in ms as people write it, in the largest unit that divides it: `5 min`, `90 s`, `250 ms`. */
export function formatDuration(ms: number): string {
  const unit = UNITS.find(([length]) => ms !== 0 && ms % length === 0)
  return unit === undefined ? `${ms} ms` : `${ms / unit[0]} ${unit[1]}`
}

/** A text that ends as a sentence does. */
export function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}
