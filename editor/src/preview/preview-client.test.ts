import { emptyGraph } from '@millrace/graph'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { PreviewClient, type PreviewWorker, RUN_LIMIT } from './preview-client.ts'
import type { PreviewAnswer, PreviewRequest } from './protocol.ts'

const samples = { samples: new Map(), references: new Map(), generatorStart: 0 }

class FakeWorker implements PreviewWorker {
  readonly requests: PreviewRequest[] = []
  isTerminated = false
  onmessage: PreviewWorker['onmessage'] = null
  onerror: PreviewWorker['onerror'] = null

  postMessage(request: PreviewRequest) {
    this.requests.push(request)
  }

  terminate() {
    this.isTerminated = true
  }

  answer(data: PreviewAnswer) {
    this.onmessage?.(new MessageEvent('message', { data }))
  }

  get runs(): string[] {
    return this.requests.flatMap((request) =>
      request.kind === 'run' ? [`${request.id} ${request.graph.name}`] : [],
    )
  }
}

function open() {
  const workers: FakeWorker[] = []
  const listener = { answered: vi.fn(), overran: vi.fn(), broke: vi.fn() }
  const client = new PreviewClient(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  }, listener)
  return { client, listener, workers, run: (name: string) => client.run(emptyGraph(name)) }
}

const ran = (id: number): PreviewAnswer => ({ kind: 'ran', id, counts: new Map(), ms: 1 })

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('runs', () => {
  test('follow one another, and of the waiting ones only the newest is done', () => {
    const { run, workers } = open()
    run('a')
    run('b')
    run('c')
    expect(workers[0]?.runs).toEqual(['1 a'])
    workers[0]?.answer(ran(1))
    expect(workers[0]?.runs).toEqual(['1 a', '2 c'])
    workers[0]?.answer(ran(2))
    expect(workers[0]?.runs).toEqual(['1 a', '2 c'])
  })

  test('an answer to a run that is over is ignored', () => {
    const { run, workers, listener } = open()
    run('a')
    workers[0]?.answer(ran(1))
    workers[0]?.answer(ran(1))
    expect(listener.answered).toHaveBeenCalledTimes(1)
  })
})

describe('a run that takes too long', () => {
  test('is killed, and the next one goes on in a new worker with the same samples', () => {
    const { client, run, workers, listener } = open()
    client.load(samples)
    run('endless')
    run('next')
    vi.advanceTimersByTime(RUN_LIMIT)
    expect(workers[0]?.isTerminated).toBe(true)
    expect(listener.overran).toHaveBeenCalledTimes(1)
    expect(workers[1]?.requests[0]).toMatchObject({ kind: 'load' })
    expect(workers[1]?.runs).toEqual(['2 next'])
  })

  test('a run in time is not killed', () => {
    const { run, workers, listener } = open()
    run('a')
    workers[0]?.answer(ran(1))
    vi.advanceTimersByTime(2 * RUN_LIMIT)
    expect(workers[0]?.isTerminated).toBe(false)
    expect(listener.overran).not.toHaveBeenCalled()
  })
})

test('a worker that breaks is given up and replaced with the next run', () => {
  const { run, workers, listener } = open()
  run('a')
  workers[0]?.onerror?.(new ErrorEvent('error', { message: 'boom' }))
  expect(listener.broke).toHaveBeenCalledWith('boom')
  run('b')
  expect(workers[1]?.runs).toEqual(['2 b'])
})
