import type { LiveFrame, LiveHistory } from '@millrace/contracts'
import { request, segment } from '../http/request.ts'
import type { LiveStore } from './live-store.ts'

/** The part of a browser's `EventSource` that is used. */
export interface EventStream {
  readonly readyState: number
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent<string>) => void) | null
  onerror: ((event: Event) => void) | null
  close(): void
}

/** What a connection needs of the world. */
export interface LiveConnectionOptions {
  readonly pipelineId: string
  readonly store: LiveStore
  readonly open?: (url: string) => EventStream
  readonly history?: () => Promise<LiveHistory>
}

/** An `EventSource` that was refused stays closed: it is opened anew after these delays, ms. */
const RETRY_DELAYS = [1_000, 2_000, 5_000, 10_000]
const CLOSED = 2
const HISTORY_MINUTES = 15

/** Keeps a pipeline's live stream open and hands its frames to the store; ends with the returned function. */
export function connectLive({ pipelineId, store, open, history }: LiveConnectionOptions): () => void {
  const path = `/pipelines/${segment(pipelineId)}`
  const openStream = open ?? ((url: string): EventStream => new EventSource(url))
  const fetchHistory = history ?? (() => request<LiveHistory>(`${path}/history?minutes=${HISTORY_MINUTES}`))
  let stream: EventStream | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let isOver = false

  const connect = () => {
    stream = openStream(`/api${path}/live`)
    stream.onopen = () => {
      failures = 0
      store.setConnected(true)
    }
    stream.onmessage = ({ data }) => {
      const frame = parseFrame(data)
      if (frame !== null) store.hear(frame, Date.now())
    }
    stream.onerror = () => {
      store.setConnected(false)
      // The browser itself comes back from a lost line, but not from a refusal.
      if (stream?.readyState === CLOSED) retry()
    }
  }
  const retry = () => {
    if (isOver) return
    clearTimeout(timer)
    timer = setTimeout(connect, RETRY_DELAYS[Math.min(failures, RETRY_DELAYS.length - 1)])
    failures++
    // A refusal may mean that the session has ended: this question brings up the sign-in.
    request('/auth/session').catch(() => {})
  }

  void fetchHistory().then(
    ({ frames }) => {
      if (!isOver) store.recall(frames)
    },
    // Without the history the charts begin now.
    () => {},
  )
  connect()
  return () => {
    isOver = true
    clearTimeout(timer)
    stream?.close()
  }
}

function parseFrame(text: string): LiveFrame | null {
  try {
    const frame = JSON.parse(text) as Partial<LiveFrame>
    return typeof frame.at === 'number' && Array.isArray(frame.nodes) ? (frame as LiveFrame) : null
  } catch {
    return null
  }
}
