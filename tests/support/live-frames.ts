import type { LiveFrame } from '@millrace/contracts'
import { waitFor } from './wait-for.ts'

const DEADLINE_MS = 90_000

/** The live frames of a pipeline, as its Monitoring tab hears them. */
export class LiveFrames {
  #last: LiveFrame | null = null
  readonly #abort = new AbortController()

  /** Begins to listen to the stream at an address. */
  static async open(url: string, cookie: string): Promise<LiveFrames> {
    const frames = new LiveFrames()
    const response = await fetch(url, { headers: { cookie }, signal: frames.#abort.signal })
    if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status}`)
    frames.#listen(response.body).catch(() => {})
    return frames
  }

  /** Waits for a frame of which something is true. */
  until(what: string, isTrue: (frame: LiveFrame) => boolean): Promise<LiveFrame> {
    return waitFor(what, () => this.#last !== null && isTrue(this.#last) && this.#last, DEADLINE_MS).catch(
      (cause: unknown) => {
        throw new Error(`${what}: it never came true; the last frame: ${JSON.stringify(this.#last)}`, {
          cause,
        })
      },
    )
  }

  /** Stops listening. */
  close(): void {
    this.#abort.abort()
  }

  async #listen(body: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      const events = (text + decoder.decode(chunk, { stream: true })).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events)
        if (event.startsWith('data: ')) this.#last = JSON.parse(event.slice(6)) as LiveFrame
    }
  }
}
