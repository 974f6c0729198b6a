import type { NodePreview } from '@millrace/engine'
import { newNode } from '@millrace/graph'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { createDocumentStore } from '../workspace/document-store.ts'
import { nodeTypes } from '../workspace/node-types.ts'
import { createViewStore } from '../workspace/view-store.ts'
import type { PreviewWorker } from './preview-client.ts'
import { createPreviewController } from './preview-controller.ts'
import type { PreviewAnswer, PreviewRequest } from './protocol.ts'
import type { SampleNeed } from './sample-needs.ts'

const counts = { in: 1, out: 1, dropped: 0, late: 0, errors: 0 }
const preview: NodePreview = {
  ...{ in: [], out: [], dropped: [], late: [], errors: [], counts },
  ...{ watermark: null, paired: null },
}

/** Answers every run at once. */
class EchoWorker implements PreviewWorker {
  readonly requests: PreviewRequest[] = []
  onmessage: PreviewWorker['onmessage'] = null
  onerror: PreviewWorker['onerror'] = null
  /** What the looked at node did; null while it has a mistake. */
  ran: NodePreview | null = preview

  postMessage(request: PreviewRequest) {
    this.requests.push(request)
    const send = (data: PreviewAnswer) => this.onmessage?.(new MessageEvent('message', { data }))
    if (request.kind === 'run')
      send({ kind: 'ran', id: request.id, counts: new Map([['orders', counts]]), ms: 3 })
    if (request.kind === 'rows') send({ kind: 'rows', nodeId: request.nodeId, preview: this.ran, inputs: [] })
    if (request.kind === 'follow') send({ kind: 'path', events: structuredClone(request.events), steps: [] })
  }

  terminate() {}

  kinds(kind: PreviewRequest['kind']) {
    return this.requests.filter((request) => request.kind === kind)
  }
}

function open() {
  const document = createDocumentStore(orderPipeline())
  const view = createViewStore()
  const worker = new EchoWorker()
  const sample = vi.fn(async (need: SampleNeed) => ({
    need,
    records: [],
    partition: 0,
    partitions: 1,
    isCut: false,
    problem: null,
  }))
  const controller = createPreviewController({
    document,
    view,
    nodeTypes,
    createWorker: () => worker,
    sample,
  })
  const stop = controller.follow()
  const setTopic = (topic: string) => {
    const config = { ...document.getState().graph.nodes[0]?.config, topic }
    document.edit({ kind: 'set-config', nodeId: 'orders', config }, { label: 'x' })
  }
  const topicsRead = () => sample.mock.calls.map(([need]) => (need.kind === 'generator' ? '' : need.topic))
  return { document, view, worker, controller, stop, setTopic, topicsRead }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('the preview', () => {
  test('runs within 100 ms of an edit, over samples that are read once', async () => {
    const { document, worker, controller, topicsRead } = open()
    await vi.advanceTimersByTimeAsync(0)
    expect(worker.kinds('run')).toHaveLength(1)
    document.edit({ kind: 'set-note', nodeId: 'filter', note: 'a' }, { label: 'x' })
    document.edit({ kind: 'set-note', nodeId: 'filter', note: 'b' }, { label: 'x' })
    await vi.advanceTimersByTimeAsync(100)
    expect(worker.kinds('run')).toHaveLength(2)
    expect(worker.kinds('load')).toHaveLength(1)
    expect(topicsRead()).toEqual(['orders', 'users'])
    expect(controller.store.getState()).toMatchObject({ status: 'ready', ms: 3, problem: null })
  })

  test('does not run for moves on the canvas', async () => {
    const { document, worker } = open()
    await vi.advanceTimersByTimeAsync(0)
    document.edit({ kind: 'move-nodes', positions: { filter: { x: 9, y: 9 } } }, { label: 'x' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(worker.kinds('run')).toHaveLength(1)
  })

  test('reads a topic only once its name rests, not at every letter', async () => {
    const { setTopic, topicsRead } = open()
    await vi.advanceTimersByTimeAsync(0)
    for (const topic of ['p', 'pa', 'pay']) {
      setTopic(topic)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(topicsRead()).toEqual(['orders', 'users'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(topicsRead()).toEqual(['orders', 'users', 'pay'])
  })

  test('needs not wait for generated events, which are there at once', async () => {
    const { document, controller } = open()
    await vi.advanceTimersByTimeAsync(0)
    const definition = nodeTypes.catalogue.get('generator')
    if (definition === undefined) throw new Error('no generator')
    document.edit(
      { kind: 'add-node', node: newNode(definition, 'made'), position: { x: 0, y: 0 } },
      { label: 'x' },
    )
    await vi.advanceTimersByTimeAsync(100)
    expect(controller.store.getState().samples.has('made')).toBe(true)
  })

  test('reads anew on request', async () => {
    const { controller, topicsRead } = open()
    await vi.advanceTimersByTimeAsync(0)
    controller.resample()
    await vi.advanceTimersByTimeAsync(0)
    expect(topicsRead()).toEqual(['orders', 'users', 'orders', 'users'])
  })

  test('fetches the rows of the one selected node', async () => {
    const { controller, view } = open()
    await vi.advanceTimersByTimeAsync(0)
    view.select(['filter'])
    expect(controller.store.getState().rows).toMatchObject({ nodeId: 'filter', preview })
    view.select(['filter', 'window'])
    expect(controller.store.getState().rows).toBeNull()
  })

  test('keeps what the selected node did last while there is a mistake, until other records are read', async () => {
    const { document, controller, view, worker } = open()
    await vi.advanceTimersByTimeAsync(0)
    view.select(['filter'])
    const runs = async (note: string, ran: NodePreview | null) => {
      worker.ran = ran
      document.edit({ kind: 'set-note', nodeId: 'filter', note }, { label: 'x' })
      await vi.advanceTimersByTimeAsync(100)
    }
    await runs('a', null)
    expect(controller.store.getState()).toMatchObject({
      rows: { nodeId: 'filter', preview: null },
      lastRun: { nodeId: 'filter', preview },
    })
    view.select(['window'])
    expect(controller.store.getState().lastRun).toMatchObject({ nodeId: 'window', preview: null })
    view.select(['filter'])
    await runs('b', preview)
    await runs('c', null)
    controller.resample()
    await vi.advanceTimersByTimeAsync(0)
    expect(controller.store.getState().lastRun?.preview).toBeNull()
  })

  test('follows pinned events over edits, until other records are read', async () => {
    const { document, controller, worker } = open()
    await vi.advanceTimersByTimeAsync(0)
    const pin = { events: Uint32Array.of(6), nodeId: 'orders', time: 5 }
    controller.follows(pin)
    expect(controller.store.getState()).toMatchObject({ pin, path: [] })
    document.edit({ kind: 'set-note', nodeId: 'filter', note: 'a' }, { label: 'x' })
    await vi.advanceTimersByTimeAsync(100)
    expect(worker.kinds('follow')).toHaveLength(2)
    expect(controller.store.getState().pin).toEqual(pin)
    controller.resample()
    await vi.advanceTimersByTimeAsync(0)
    expect(controller.store.getState()).toMatchObject({ pin: null, path: null })
  })

  test('follows nothing any more once it is left', async () => {
    const { document, worker, stop } = open()
    await vi.advanceTimersByTimeAsync(0)
    stop()
    document.edit({ kind: 'set-note', nodeId: 'filter', note: 'a' }, { label: 'x' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(worker.kinds('run')).toHaveLength(1)
  })
})
