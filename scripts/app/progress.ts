import process from 'node:process'

/** Tells what is going on: on a terminal one line per step that changes in place, elsewhere one line when it is done. */
export class Progress {
  readonly #started = performance.now()
  #line = ''

  /** Runs a step; `say` tells how far it is. */
  async step<Result>(title: string, work: (say: (text: string) => void) => Promise<Result>): Promise<Result> {
    const began = performance.now()
    this.#show(`… ${title}`)
    try {
      const result = await work((text) => this.#show(`… ${title}: ${text}`))
      this.#end(`✓ ${title} (${seconds(performance.now() - began)})`)
      return result
    } catch (error) {
      this.#end(`✗ ${title}`)
      throw error
    }
  }

  /** Time since the beginning, in words. */
  get elapsed(): string {
    return seconds(performance.now() - this.#started)
  }

  #show(line: string): void {
    if (!process.stdout.isTTY || line === this.#line) return
    this.#line = line
    process.stdout.write(`\r\x1b[2K${line.slice(0, process.stdout.columns - 1)}`)
  }

  #end(line: string): void {
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[2K')
    this.#line = ''
    console.log(line)
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
