/** Points further apart than this are not joined by a line, ms. */
const GAP = 30_000

type Values = readonly (number | null)[]

/**
 * The columns of a chart: times in s (given in ms, rising), then one column for each line. Where nothing was heard for a
 * while stands a point without values, so that the line is broken there.
 */
export function chartColumns(times: readonly number[], lines: readonly Values[]): readonly Values[] {
  const indexes = times.flatMap((time, i) => {
    const before = times[i - 1]
    return before !== undefined && time - before > GAP ? [null, i] : [i]
  })
  const timeAt = (at: number): number => (times[at] ?? 0) / 1000
  const timeColumn = indexes.map((index, at) =>
    index === null ? timeAt((indexes[at + 1] ?? 0) - 1) + 0.001 : timeAt(index),
  )
  return [
    timeColumn,
    ...lines.map((values) => indexes.map((index) => (index === null ? null : (values[index] ?? null)))),
  ]
}

/** What stands at the ticks of an axis. Of ticks that would read the same only the last is named: 0, 0.5, 1 as whole numbers. */
export function tickWords(ticks: readonly number[], format: (value: number) => string): string[] {
  const words = ticks.map(format)
  return words.map((word, i) => (word === words[i + 1] ? '' : word))
}
