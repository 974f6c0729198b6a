import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectLive, type EventStream } from './live-connection.ts'
import { createLiveStore } from './live-store.ts'

class FakeStream implements EventStream {
  readyState = 0
  onopen: EventStream['onopen'] = null
  onmessage: EventStream['onmessage'] = null
  onerror: EventStream['onerror'] = null
  isClosed = false

  close() {
    this.isClosed = true
  }

  send(data: string) {
    this.onmessage?.(new MessageEvent('message', { data }))
  }

  fail(readyState: number) {
    this.readyState = readyState
    this.onerror?.(new Event('error'))
  }
}

function open() {
  const streams: FakeStream[] = []
  const store = createLiveStore()
  const stop = connectLive({
    pipelineId: 'p1',
    store,
    history: async () => ({ frames: [] }),
    open(url) {
      expect(url).toBe('/api/pipelines/p1/live')
      const stream = new FakeStream()
      streams.push(stream)
      return stream
    },
  })
  return { store, streams, stop }
}

const frame = '{"at":5,"nodes":[],"partitions":[],"problems":[]}'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response('{}')),
  )
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the live connection', () => {
  test('hands frames to the store and ignores what is none', () => {
    const { store, streams } = open()
    streams[0]?.send('nonsense')
    streams[0]?.send('{"at":"x"}')
    expect(store.getState().now).toBeNull()
    streams[0]?.send(frame)
    expect(store.getState().now?.at).toBe(5)
  })

  test('leaves a lost line to the browser', () => {
    const { store, streams } = open()
    streams[0]?.send(frame)
    streams[0]?.fail(0)
    vi.advanceTimersByTime(60_000)
    expect(streams).toHaveLength(1)
    expect(store.getState().isConnected).toBe(false)
  })

  test('opens anew after a refusal, with growing delays, and asks for the session', () => {
    const { streams } = open()
    streams[0]?.fail(2)
    vi.advanceTimersByTime(1_000)
    expect(streams).toHaveLength(2)
    streams[1]?.fail(2)
    vi.advanceTimersByTime(1_000)
    expect(streams).toHaveLength(2)
    vi.advanceTimersByTime(1_000)
    expect(streams).toHaveLength(3)
    expect(fetch).toHaveBeenCalledWith('/api/auth/session', expect.anything())
  })

  test('ends for good when it is stopped', () => {
    const { streams, stop } = open()
    streams[0]?.fail(2)
    stop()
    vi.advanceTimersByTime(60_000)
    expect(streams).toHaveLength(1)
    expect(streams[0]?.isClosed).toBe(true)
  })
})
