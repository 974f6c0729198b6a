import { ownMember } from '@millrace/graph'
import type { Message } from '../codec/message.ts'
import { birthOf, isReferenceSource, ownerOf, progressName } from '../plan/reference-source.ts'
import { type PlannedCut, type StageInput, stageOf } from '../plan/stage-plan.ts'
import { NO_WATERMARK, type RawRecord } from '../record.ts'
import { recordFault } from '../record-fault.ts'
import type { NodeState } from '../state/node-state.ts'
import { heldBack } from '../time/held-back.ts'
import { contributorName, voucherName } from './build-sources.ts'
import { type BuiltStage, buildStage } from './build-stage.ts'
import { addCounters, type Counters, newCounters } from './counters.ts'
import type { InputPort } from './input-port.ts'
import { packEntries, packTime, type StageProgress, unpackEntries, unpackTime } from './progress.ts'
import type { QueuedOperator } from './queued-operator.ts'
import type { SourcePort } from './source-port.ts'
import type { StageOptions } from './stage-options.ts'

/** What a task tells others of its progress. */
export interface Announcement {
  readonly watermark: number
  readonly idle: boolean
}

/** Called where a commit may fall: everything that was taken in is either done or in the committed progress. */
export type CommitPoint = () => Promise<void>

/**
 * One task of a stage at work. Records are taken in (`accept…`), then worked through (`run`); between two runs the
 * task's results, state and progress agree and can be committed together. Knows neither Kafka nor the clock.
 */
export class StageRuntime {
  readonly #options: StageOptions
  readonly #built: BuiltStage
  readonly #queued: readonly QueuedOperator[]
  /** Earliest timer of any operator when the last run ended: a watermark below it fires nothing. */
  #nextTimer = NO_WATERMARK
  /** By operator id, since the last run: the watermark at which its timers should fire in slices. */
  readonly #sliceTimes = new Map<string, number>()

  constructor(options: StageOptions) {
    this.#options = options
    this.#built = buildStage(options)
    this.#queued = [...this.#built.queued.values()]
  }

  /** The keyed state of each stateful node, by node id. */
  get states(): ReadonlyMap<string, NodeState> {
    return this.#built.states
  }

  /**
   * Takes records of a source's partition, beginning at index `from`. Returns the index of the first record that was
   * not taken: fewer than all are, when many timers become due and must fire before the rest.
   */
  acceptSource(input: number, records: readonly RawRecord[], from: number, now: number | null): number {
    const source = this.#source(input)
    for (let i = from; i < records.length; i++) {
      source.accept(records[i] as RawRecord, now)
      if (this.#mustRun(source.input)) return i + 1
    }
    return records.length
  }

  /** Counts records of a source that could not even be read. */
  noteRefused(input: number, records: number): void {
    const { counters } = this.#source(input)
    counters.in += records
    counters.errors += records
  }

  /** Takes messages of the repartition topic; as `acceptSource`. */
  acceptMessages(messages: readonly Message[], from: number): number {
    for (let i = from; i < messages.length; i++) {
      const message = messages[i] as Message
      const input = this.#input(message.input)
      if (message.kind === 'row') input.push(message.record)
      else input.hear(contributorName(message.stage, message.task), message.watermark, message.idle)
      if (this.#mustRun(input)) return i + 1
    }
    return messages.length
  }

  /** Takes a record of a node's reference topic. */
  acceptReference(input: number, record: RawRecord): void {
    const planned = this.#built.stage.inputs[input]
    const slot = planned && this.#built.slots.get(planned.nodeId)
    if (slot === undefined) throw new Error(`the stage has no reference input ${input}`)
    try {
      slot.operator.onReference?.(record)
    } catch (error) {
      const { code, message } = recordFault(error)
      slot.counters.errors++
      this.#options.output.deadLetter({ nodeId: slot.nodeId, code, message, origin: record, rowJson: null })
    }
  }

  /** Takes what another task of the stage said on the control topic about a source input; `run` draws the conclusions. */
  hearControl(input: number, task: number, { watermark, idle }: Announcement): void {
    if (task !== this.#options.task) {
      this.#input(input).note(contributorName(this.#built.stage.id, task), watermark, idle)
    }
  }

  /**
   * Says that the task's partition of a source has had nothing for its idle timeout; false where that is known. `run`
   * draws the conclusions, and must be called where it is news: no record may follow that would.
   */
  markIdle(input: number): boolean {
    return this.#source(input).markIdle()
  }

  /** Ends a bounded source: everything up to this watermark is complete, as `run` will find. */
  endInput(input: number, watermark: number): void {
    const port = this.#input(input)
    for (const name of port.entries.keys()) port.note(name, watermark, false)
  }

  /** Works through all that was taken in and fires due timers, in slices with a commit point after each. */
  async run(commitPoint: CommitPoint = async () => {}): Promise<void> {
    for (const input of this.#built.inputs) input.forwardOn()
    for (const [i, operator] of this.#queued.entries()) {
      await operator.drain()
      while (await operator.fireSlice()) {
        await this.#drainFrom(i + 1)
        await commitPoint()
      }
      operator.forwardOn()
    }
    this.#lookAtTimers()
  }

  /** When a tick of processing time is due next; infinity where there is none, or `tick` was never called. */
  get nextTick(): number {
    return this.#queued.reduce((least, { nextTick }) => Math.min(least, nextTick), Number.POSITIVE_INFINITY)
  }

  /**
   * Looks at the clock, between two runs: operators whose interval of processing time is over may send early results, in
   * slices with a commit point after each. What they send belongs to the commit that is being filled, and what of it is
   * lost with that commit is not sent again. The first look only starts the intervals. Gives the number of rows handled.
   *
   * @param now epoch ms of a clock that does not go back
   */
  async tick(now: number, commitPoint: CommitPoint = async () => {}): Promise<number> {
    let handled = 0
    for (const [i, operator] of this.#queued.entries()) {
      for (const names of operator.takeTick(now)) {
        handled += names.length
        await operator.tick(now, names)
        await this.#drainFrom(i + 1)
        await commitPoint()
      }
    }
    if (handled > 0) this.#lookAtTimers()
    return handled
  }

  /** Emits what operators hold back. To be called before every commit. */
  flush(): void {
    for (const slot of this.#built.slots.values()) slot.flush()
  }

  /** What to announce on each cut, after `run` and `flush`. */
  cutProgress(): readonly { readonly cut: PlannedCut; readonly progress: Announcement }[] {
    return this.#built.cuts.map(({ cut, progress }) => ({ cut, progress }))
  }

  /** The name by which this stage vouches for what it writes to a cut. */
  voucherOf({ stage, input }: PlannedCut): string {
    const { plan, stageId } = this.#options
    return voucherName(stageId, stageOf(plan, stage).inputs[input] as StageInput, this.#options)
  }

  /** What to announce on the control topic: the own partition of every source input. */
  sourceProgress(): readonly { readonly input: number; readonly progress: Announcement }[] {
    return [...this.#built.sources].map(([input, source]) => ({ input, progress: source.own }))
  }

  /** Watermark of each event-time operator and of each input, for people. */
  watermarks(): { readonly inputs: readonly number[]; readonly operators: ReadonlyMap<string, number> } {
    const operators = [...this.#built.queued.values()].map(
      ({ slot, watermark }) => [slot.nodeId, watermark] as const,
    )
    return { inputs: this.#built.inputs.map(({ watermark }) => watermark), operators: new Map(operators) }
  }

  /** Counters by node id. */
  counters(): ReadonlyMap<string, Counters> {
    const parts = [...this.#built.slots.values(), ...this.#built.sources.values()]
    const byNode = Map.groupBy(parts, ({ nodeId }) => ownerOf(nodeId))
    return new Map([...byNode].map(([id, all]) => [id, addCounters(all.map(shownCounters))]))
  }

  /** What must be committed beside state and offsets. */
  progress(): StageProgress {
    const { inputs, queued, slots, sources } = this.#built
    return {
      inputs: Object.fromEntries(inputs.map(({ entries }, i) => [this.#inputName(i), packEntries(entries)])),
      operators: Object.fromEntries(
        [...queued].map(([id, { watermark }]) => [this.#operatorName(id), packTime(watermark)]),
      ),
      counters: Object.fromEntries([
        ...[...slots].map(([id, { counters }]) => [id, { ...counters }]),
        ...[...sources.values()].map(({ nodeId, counters }) => [nodeId, { ...counters }]),
      ]),
    }
  }

  /** Goes on from committed progress. State rows must be restored too; `run` then fires what was left over. */
  restore(progress: StageProgress): void {
    const { inputs, queued, slots, sources } = this.#built
    inputs.forEach((input, i) => {
      input.restore(unpackEntries(ownMember(progress.inputs, this.#inputName(i)) ?? {}))
    })
    for (const [id, operator] of queued)
      operator.restoreWatermark(unpackTime(ownMember(progress.operators, this.#operatorName(id))))
    for (const [id, slot] of slots) Object.assign(slot.counters, ownMember(progress.counters, id))
    for (const source of sources.values())
      Object.assign(source.counters, ownMember(progress.counters, source.nodeId))
  }

  #lookAtTimers(): void {
    this.#sliceTimes.clear()
    this.#nextTimer = Number.POSITIVE_INFINITY
    for (const { nextTimer } of this.states.values()) this.#nextTimer = Math.min(this.#nextTimer, nextTimer)
  }

  async #drainFrom(start: number): Promise<void> {
    for (const operator of this.#queued.slice(start)) await operator.drain()
  }

  /** True where so many timers of an operator are due that they should fire before the next record is taken. */
  #mustRun({ watermark }: InputPort): boolean {
    if (watermark < this.#nextTimer) return false
    for (const id of this.#built.queued.keys()) {
      if (this.#comingWatermark(id) >= this.#sliceTime(id)) return true
    }
    return false
  }

  /** Timers move only in `run`. */
  #sliceTime(id: string): number {
    let time = this.#sliceTimes.get(id)
    if (time === undefined) {
      time = this.#built.queued.get(id)?.sliceTime() ?? Number.POSITIVE_INFINITY
      this.#sliceTimes.set(id, time)
    }
    return time
  }

  /** How far an operator will be after `run`, at most: its inputs may hold one another back. */
  #comingWatermark(id: string): number {
    let least = Number.POSITIVE_INFINITY
    let most = NO_WATERMARK
    for (const [index, holdBack] of this.#built.feeds.get(id) ?? []) {
      const port = this.#input(index)
      const watermark = heldBack(port.watermark, holdBack)
      if (!port.idle && watermark < least) least = watermark
      if (watermark > most) most = watermark
    }
    return least === Number.POSITIVE_INFINITY ? most : least
  }

  #inputName(input: number): string {
    return progressName(this.#built.stage.inputs[input] as StageInput, this.#options.births)
  }

  /** The watermark of a node that waits for its reference means nothing once its state begins anew. */
  #operatorName(id: string): string {
    const isWaiting = this.#options.program.nodes.some(({ node, reference }) => node.id === id && reference)
    return isWaiting ? `${id}@${birthOf(id, this.#options.births)}` : id
  }

  #source(input: number): SourcePort {
    const source = this.#built.sources.get(input)
    if (source === undefined) throw new Error(`this task has no partition of source input ${input}`)
    return source
  }

  #input(input: number): InputPort {
    const port = this.#built.inputs[input]
    if (port === undefined) throw new Error(`the stage has no input ${input}`)
    return port
  }
}

/** The rows of a keyed reference are no events: of the source that reads them only errors count. */
function shownCounters({ nodeId, counters }: Pick<SourcePort, 'nodeId' | 'counters'>): Counters {
  return isReferenceSource(nodeId) ? { ...newCounters(), errors: counters.errors } : counters
}
