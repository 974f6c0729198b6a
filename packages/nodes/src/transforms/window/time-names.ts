import { timeSubKey } from '@millrace/engine'

/** Names of state rows by time, which sort as the times do. Most events belong to the pane of the one before. */
export class TimeNames {
  #time = 0
  #name = timeSubKey(0)

  of(time: number): string {
    if (time !== this.#time) {
      this.#time = time
      this.#name = timeSubKey(time)
    }
    return this.#name
  }
}
