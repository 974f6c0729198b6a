/** A cell as text; null where nothing stands between two separators, not even quotes. */
export type Cell = string | null

/** One record with the line on which it begins, from 1. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly Cell[]
}

/** A text that breaks the rules: where, and how. */
export interface CsvProblem {
  readonly line: number
  readonly message: string
}

/** What stands in a CSV text, up to the first problem. */
export interface ParsedCsv {
  readonly records: readonly CsvRecord[]
  readonly problem: CsvProblem | null
}

/**
 * Reads comma-separated values as RFC 4180 defines them: cells in quotes may hold separators, line breaks and, doubled,
 * quotes. Lines may end with CRLF, LF or CR; a mark of the byte order in front and empty lines are passed over.
 *
 * @param limit reads so many records at most
 */
export function parseCsv(text: string, separator: string, limit: number): ParsedCsv {
  const reader = new CsvReader(text, separator)
  const records: CsvRecord[] = []
  while (records.length < limit && reader.problem === null) {
    const record = reader.next()
    if (record === null) break
    records.push(record)
  }
  return { records, problem: reader.problem }
}

class CsvReader {
  problem: CsvProblem | null = null
  readonly #text: string
  readonly #separator: string
  /** The next character that ends an unquoted cell, or must not stand in one. */
  readonly #special: RegExp
  #at: number
  #line = 1

  constructor(text: string, separator: string) {
    this.#text = text
    this.#separator = separator
    this.#special = new RegExp(`[${separator}"\\r\\n]`, 'g')
    this.#at = text.startsWith('\uFEFF') ? 1 : 0
  }

  /** The next record that is no empty line; null at the end and where there is a problem. */
  next(): CsvRecord | null {
    while (this.#skipLineBreak());
    if (this.#at >= this.#text.length) return null
    const line = this.#line
    const cells: Cell[] = [this.#cell()]
    while (this.#text[this.#at] === this.#separator && this.problem === null) {
      this.#at++
      cells.push(this.#cell())
    }
    if (this.problem !== null) return null
    this.#skipLineBreak()
    return { line, cells }
  }

  #cell(): Cell {
    return this.#text[this.#at] === '"' ? this.#quoted() : this.#plain()
  }

  #plain(): Cell {
    this.#special.lastIndex = this.#at
    const end = this.#special.exec(this.#text)?.index ?? this.#text.length
    const cell = this.#text.slice(this.#at, end)
    this.#at = end
    if (this.#text[end] === '"') this.#fail(this.#line, 'a quote stands within a cell that is not in quotes')
    return cell === '' ? null : cell
  }

  #quoted(): string {
    const begin = this.#line
    let cell = ''
    for (let from = this.#at + 1; ; ) {
      const quote = this.#text.indexOf('"', from)
      const part = this.#text.slice(from, quote === -1 ? undefined : quote)
      this.#line += part.match(/\r\n?|\n/g)?.length ?? 0
      cell += part
      if (quote === -1) this.#fail(begin, 'a quote is opened and never closed')
      this.#at = quote === -1 ? this.#text.length : quote + 1
      if (this.#text[this.#at] !== '"') break
      cell += '"'
      from = this.#at + 1
    }
    if (!this.#isAtEndOfCell()) this.#fail(this.#line, 'something stands behind the closing quote of a cell')
    return cell
  }

  #isAtEndOfCell(): boolean {
    const next = this.#text[this.#at]
    return next === undefined || next === this.#separator || next === '\r' || next === '\n'
  }

  #skipLineBreak(): boolean {
    const next = this.#text[this.#at]
    if (next !== '\r' && next !== '\n') return false
    this.#at += next === '\r' && this.#text[this.#at + 1] === '\n' ? 2 : 1
    this.#line++
    return true
  }

  #fail(line: number, message: string): void {
    this.problem ??= { line, message }
  }
}
