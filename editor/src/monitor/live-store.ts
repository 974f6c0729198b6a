import type { LiveFrame, LiveNode, LivePartition } from '@millrace/contracts'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** One moment of a running pipeline, looked up by node. */
export interface Moment {
  /** Epoch ms. */
  readonly at: number
  readonly nodes: ReadonlyMap<string, LiveNode>
  readonly partitions: ReadonlyMap<string, readonly LivePartition[]>
  readonly frame: LiveFrame
}

/** What is known of a running pipeline. */
export interface LiveState {
  /** The newest moment; null before the first. */
  readonly now: Moment | null
  /** Moments kept for charts, oldest first. */
  readonly past: readonly Moment[]
  /** Epoch ms by this page's clock when the newest moment arrived. */
  readonly heardAt: number | null
  /** True while the stream is open. */
  readonly isConnected: boolean
}

/** Moments kept: some minutes at one a second, behind the history at one in 10 s. */
export const KEPT_MOMENTS = 1_200

/** Without a moment for this long the figures are stale, ms. */
export const SILENT_AFTER = 5_000

/** The metrics of one pipeline. They never pass through React Flow's nodes: cards read them here. */
export interface LiveStore extends StoreApi<LiveState> {
  /** Takes a frame that was just sent. */
  hear(frame: LiveFrame, now: number): void
  /** Puts frames of the past before those that were heard. */
  recall(frames: readonly LiveFrame[]): void
  setConnected(isConnected: boolean): void
}

/** Makes the store of one pipeline. */
export function createLiveStore(): LiveStore {
  const store = createStore<LiveState>(() => ({ now: null, past: [], heardAt: null, isConnected: false }))
  return Object.assign(store, {
    hear(frame: LiveFrame, now: number) {
      const { past, now: before } = store.getState()
      const moment = momentOf(frame)
      // A stream that begins anew may repeat its last frame.
      const isNew = before === null || frame.at > before.at
      const kept = isNew ? [...past, moment].slice(-KEPT_MOMENTS) : past
      store.setState({ now: isNew ? moment : before, past: kept, heardAt: now, isConnected: true })
    },
    recall(frames: readonly LiveFrame[]) {
      const { past, now } = store.getState()
      const first = past[0]?.at ?? Number.POSITIVE_INFINITY
      const earlier = frames.filter(({ at }) => at < first).map(momentOf)
      const all = [...earlier, ...past].slice(-KEPT_MOMENTS)
      store.setState({ past: all, now: now ?? all.at(-1) ?? null })
    },
    setConnected(isConnected: boolean) {
      if (isConnected !== store.getState().isConnected) store.setState({ isConnected })
    },
  })
}

function momentOf(frame: LiveFrame): Moment {
  return {
    at: frame.at,
    nodes: new Map(frame.nodes.map((node) => [node.nodeId, node])),
    partitions: Map.groupBy(frame.partitions, ({ nodeId }) => nodeId),
    frame,
  }
}

/** Records behind, over the partitions of a node that have a lag of this kind; null where there are none. */
export function lagOf(
  moment: Moment,
  nodeId: string,
  kinds: readonly LivePartition['kind'][],
): number | null {
  const partitions = (moment.partitions.get(nodeId) ?? []).filter(({ kind }) => kinds.includes(kind))
  return partitions.length === 0 ? null : partitions.reduce((sum, { lag }) => sum + lag, 0)
}

/** The course of one figure, oldest first. */
export function courseOf(
  past: readonly Moment[],
  figure: (moment: Moment) => number | null | undefined,
): readonly (number | null)[] {
  return past.map((moment) => figure(moment) ?? null)
}

/** True where no moment came for too long, by this page's clock. */
export function isSilent({ heardAt }: Pick<LiveState, 'heardAt'>, now: number): boolean {
  return heardAt !== null && now - heardAt > SILENT_AFTER
}
