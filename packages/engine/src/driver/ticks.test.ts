import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import type { TopicSinkRuntime } from '../operator.ts'
import { runPreview } from '../preview/run-preview.ts'
import {
  catalogue,
  earlyCount,
  eventRecord,
  events,
  odd,
  runtimes,
  sink,
  sums,
  type TestEvent,
} from '../testing/index.ts'
import { PlanDriver } from './plan-driver.ts'

const graph = pipeline(
  [node('source', events), node('early', earlyCount), node('out', sink)],
  ['source → early', 'early → out'],
)

/** Writes `start group n`, with what it was before. */
const tellingSink: TopicSinkRuntime<object> = {
  role: 'topic-sink',
  type: 'sink',
  topic: () => ({ connection: 'test', topic: 'results' }),
  createEncoder:
    () =>
    ({ row, before }) => ({
      key: null,
      value: `${row[0]} ${row[2]} ${before ? `${before[4]}→` : ''}${row[4]}`,
    }),
}

function drive(more: Partial<ConstructorParameters<typeof PlanDriver>[0]> = {}, pipelined = graph) {
  const telling = { get: (type: string) => (type === 'sink' ? (tellingSink as never) : runtimes.get(type)) }
  const driver = new PlanDriver({ graph: pipelined, catalogue, runtimes: telling, ...more })
  let offset = 0
  let seen = 0
  return {
    driver,
    task: driver.task({ stageId: 's1', task: 0 }),
    feed: (...all: TestEvent[]) =>
      driver.feed(
        'source',
        0,
        all.map((one) => eventRecord(one, offset++)),
      ),
    /** What was committed since the last call. */
    news() {
      const all = driver.results.messages.slice(seen).map(({ message }) => message.value)
      seen += all.length
      return all
    },
  }
}

describe('ticks of processing time', () => {
  it.each([false, true])(
    'bring early results of what changed, once per interval (lazy: %s)',
    async (lazy) => {
      const { driver, feed, news } = drive({ lazy })
      await driver.tick(3)
      feed({ at: 1, group: 'x' }, { at: 2, group: 'x' }, { at: 3, group: 'y' })
      await driver.settle()
      expect(news()).toEqual([])
      await driver.tick(4)
      expect(news()).toEqual([])
      await driver.tick(5)
      expect(news()).toEqual(['0 x 2', '0 y 1'])
      feed({ at: 4, group: 'x' })
      await driver.settle()
      await driver.tick(9)
      expect(news()).toEqual([])
      await driver.tick(12)
      expect(news()).toEqual(['0 x 2→3'])
      await driver.tick(20)
      expect(news()).toEqual([])
      feed({ at: 30, group: 'z' })
      await driver.settle()
      // Closed by the watermark: what had been told of "x" and "y" is what holds.
      expect(news()).toEqual([])
      await driver.finish()
      expect(news()).toEqual(['30 z 1'])
    },
  )

  it('only begin with the first look at the clock', async () => {
    const { driver, feed, news } = drive()
    feed({ at: 1, group: 'x' })
    await driver.settle()
    await driver.tick(1_000)
    expect(news()).toEqual([])
    await driver.tick(1_005)
    expect(news()).toEqual(['0 x 1'])
  })

  it('belong to the commit that is being filled: a crash takes back result and state together', async () => {
    const { driver, task, feed, news } = drive()
    await driver.tick(0)
    feed({ at: 1, group: 'x' })
    await driver.settle()
    await task.runtime.tick(5)
    task.crash()
    await driver.settle()
    expect(news()).toEqual([])
    // Who waits is forgotten; the next event asks again, and what is told fits what was told before.
    feed({ at: 2, group: 'x' })
    await driver.tick(6)
    await driver.tick(10)
    expect(news()).toEqual(['0 x 2'])
    task.crash()
    await driver.finish()
    expect(news()).toEqual([])
  })

  it('handle many rows in slices, with a commit point after each', async () => {
    const { driver, task, feed } = drive()
    await driver.tick(0)
    feed(...Array.from({ length: 2_500 }, (_, i) => ({ at: 1, group: `g${i}` })))
    await driver.settle()
    let points = 0
    const handled = await task.runtime.tick(5, async () => {
      points++
    })
    expect([handled, points]).toEqual([2_500, 3])
  })

  it('let a row that asks again in its tick wait for the next one', async () => {
    const insistent = {
      get: (type: string) => {
        const runtime = runtimes.get(type)
        if (type !== 'early-count' || runtime?.role !== 'transform') return runtime
        const create: typeof runtime.create = (config, context) => {
          const operator = runtime.create(config, context)
          return {
            touches: (record, input, touch) => operator.touches?.(record, input, touch),
            process: (record, input, out) => operator.process(record, input, out),
            onTick: ({ key, subKey }) => context.state.wake(key, subKey),
          }
        }
        return { ...runtime, create }
      },
    }
    const { driver, task, feed } = drive({ runtimes: insistent as never })
    await driver.tick(0)
    feed({ at: 1, group: 'x' })
    await driver.settle()
    expect([await task.runtime.tick(5), await task.runtime.tick(6), await task.runtime.tick(10)]).toEqual([
      1, 0, 1,
    ])
  })

  it('reach the nodes behind before the commit', async () => {
    const chain = pipeline(
      [node('source', events), node('early', earlyCount), node('sums', sums), node('out', sink)],
      ['source → early', 'early → sums', 'sums → out'],
    )
    const { driver, feed, news } = drive({}, chain)
    await driver.tick(0)
    feed({ at: 1, group: 'x' }, { at: 12, group: 'x' })
    await driver.settle()
    expect(news()).toEqual(['0 x 1'])
    await driver.tick(5)
    expect(news()).toEqual(['0 x 1→2'])
  })

  it('come in the preview when they would have come', async () => {
    const all = [
      { at: 1, group: 'x', written: 100 },
      { at: 2, group: 'x', written: 103 },
      { at: 3, group: 'x', written: 107 },
      { at: 4, group: 'x', written: 108 },
    ]
    const records = all.map(({ written, ...one }, i) => ({ ...eventRecord(one, i), timestamp: written }))
    const input = {
      graph,
      samples: new Map([['source', records]]),
      references: new Map(),
      closeWindows: false,
      generatorStart: 0,
    }
    const rows = (await runPreview(input, catalogue, runtimes)).get('early')?.out[0]
    expect(rows?.map(({ row, updates }) => [row[4], updates])).toEqual([[2, 0]])
  })
})

it('a node without rows may have no ticks', () => {
  const ticking = {
    get: (type: string) => ({ ...runtimes.get(type), ...(type === 'odd' && { tick: () => 5 }) }),
  }
  const chain = pipeline(
    [node('source', events), node('o', odd), node('out', sink)],
    ['source → o', 'o → out'],
  )
  expect(() => new PlanDriver({ graph: chain, catalogue, runtimes: ticking as never })).toThrow(
    'has ticks and no rows',
  )
})
