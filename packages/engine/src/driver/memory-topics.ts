import type { RawRecord } from '../record.ts'
import type { Announcement } from '../stage/stage-runtime.ts'

/** What a task said on a control topic. */
export interface ControlEntry extends Announcement {
  readonly input: number
  readonly task: number
}

/** The topics of a driven deployment: lists that only grow. */
export class MemoryTopics {
  readonly #sources = new Map<string, RawRecord[]>()
  readonly #repartitions = new Map<string, Uint8Array[]>()
  readonly #controls = new Map<string, ControlEntry[]>()

  /** Records of one partition of a source or reference node's topic. */
  source(nodeId: string, partition: number): RawRecord[] {
    return listOf(this.#sources, `${nodeId}/${partition}`)
  }

  /** Messages of one partition of a stage's repartition topic. */
  repartition(stageId: string, partition: number): Uint8Array[] {
    return listOf(this.#repartitions, `${stageId}/${partition}`)
  }

  /** A stage's control topic. */
  control(stageId: string): ControlEntry[] {
    return listOf(this.#controls, stageId)
  }
}

function listOf<T>(lists: Map<string, T[]>, name: string): T[] {
  let list = lists.get(name)
  if (list === undefined) {
    list = []
    lists.set(name, list)
  }
  return list
}
