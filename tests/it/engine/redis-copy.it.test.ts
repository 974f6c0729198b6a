import { randomUUID } from 'node:crypto'
import type { StateChange, StateKeyRange, TimerRequest } from '@millrace/engine'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type CopyIdentity, CopyLostError, RedisCopy } from '../../../executor/src/state/redis-copy.ts'
import { type StateRedis, withStateCommands } from '../../../executor/src/state/scripts.ts'
import { startHeldRelay } from '../../support/held-relay.ts'
import { waitFor } from '../../support/wait-for.ts'

let redis: StateRedis

beforeAll(() => {
  redis = withStateCommands(new Redis(inject('servers').redis))
})

afterAll(() => redis.disconnect())

const OPEN = { id: 'open', openSubKeys: true }
const CLOSED = { id: 'closed', openSubKeys: false }

function identity(change: Partial<CopyIdentity> = {}): CopyIdentity {
  const prefix = `mr:{test:${randomUUID()}:0}:`
  return { prefix, fence: 1, producer: '7:0', topicId: 'topic', nodes: [CLOSED, OPEN], ...change }
}

/** A copy that is complete up to stamp 1. */
async function begun(of = identity()): Promise<RedisCopy> {
  const copy = new RedisCopy(redis, of)
  await copy.enter()
  await copy.begin()
  await copy.apply([], 1)
  return copy
}

function row(stateKey: string, value: string | null, timer?: number): StateChange {
  return { stateKey, value: value === null ? null : Buffer.from(value), timer }
}

function range(from: string, to: string | null, prefix = 'open:1:1:k'): StateKeyRange {
  return { prefix, from, to }
}

async function read(copy: RedisCopy, ...ranges: StateKeyRange[]): Promise<string[][]> {
  const reply = await copy.read({ keys: [], ranges })
  return reply.ranges.map((rows) =>
    rows.map(({ stateKey, value }) => `${stateKey.slice(10)}=${Buffer.from(value)}`),
  )
}

describe('ranges of a state copy', () => {
  it('are the rows within, in the order of their bytes', async () => {
    const copy = await begun()
    const subKeys = ['', 'a', 'b', 'c', 'ba', 'é', '\uffff', '\u{10000}']
    const others = ['open:1:1:l', 'open:1:2:ka', 'open:2:1:k', 'closed:1:1:kb'].map((key) =>
      row(key, 'other'),
    )
    await copy.apply([...subKeys.map((subKey) => row(`open:1:1:k${subKey}`, subKey)), ...others], 2)
    const all = ['=', 'a=a', 'b=b', 'ba=ba', 'c=c', 'é=é', '\uffff=\uffff', '\u{10000}=\u{10000}']
    expect(await read(copy, range('', null))).toEqual([all])
    expect(await read(copy, range('b', 'c'), range('bb', 'bb'), range('c', 'b'), range('ba', 'é'))).toEqual([
      ['b=b', 'ba=ba'],
      [],
      [],
      ['ba=ba', 'c=c'],
    ])
    expect(await read(copy, range('', null, 'open:1:1:l'), range('', null, 'closed:1:1:k'))).toEqual([
      ['=other'],
      [],
    ])
  })

  it('come with single rows, in one answer', async () => {
    const copy = await begun()
    await copy.apply([row('open:1:1:ka', 'A'), row('closed:1:1:k', 'B')], 2)
    const { values, ranges } = await copy.read({
      keys: ['closed:1:1:k', 'closed:1:1:x'],
      ranges: [range('a', null)],
    })
    expect(values.map((value) => value && String(Buffer.from(value)))).toEqual(['B', null])
    expect(ranges).toMatchObject([[{ stateKey: 'open:1:1:ka' }]])
  })

  it('follow changes and deletions, over stamps', async () => {
    const copy = await begun()
    await copy.apply([row('open:1:1:ka', '1', 50), row('open:1:1:kb', '2')], 2)
    await copy.apply([row('open:1:1:ka', '3'), row('open:1:1:kb', null), row('open:1:1:kc', '4')], 3)
    await copy.apply([row('open:1:1:kb', null)], 4)
    expect(await read(copy, range('', null))).toEqual([['a=3', 'c=4']])
  })

  it('may be longer than one answer, in rows and in bytes', async () => {
    const copy = await begun()
    const many = Array.from({ length: 2_500 }, (_, i) =>
      row(`open:1:1:k${String(i).padStart(5, '0')}`, `${i}`),
    )
    const large = Array.from({ length: 12 }, (_, i) => row(`open:1:1:m${i % 10}${i}`, 'x'.repeat(900_000)))
    await copy.apply([...many, ...large], 2)
    const [first, second, third, fourth] = await read(
      copy,
      range('00010', '00012'),
      range('', null),
      range('', null, 'open:1:1:m'),
      range('02499', null),
    )
    expect(first).toEqual(['00010=10', '00011=11'])
    expect(second?.map((text) => Number(text.split('=')[1]))).toEqual(many.map((_, i) => i))
    expect(third).toHaveLength(12)
    expect(fourth).toEqual(['02499=2499'])
  })

  it('may be many', async () => {
    const copy = await begun()
    await copy.apply(
      Array.from({ length: 900 }, (_, i) => row(`open:1:1:k${i + 1000}`, `${i}`)),
      2,
    )
    const found = await read(
      copy,
      ...Array.from({ length: 1_200 }, (_, i) => range(`${i + 1000}`, `${i + 1001}`)),
    )
    expect(found.map((rows) => rows.length)).toEqual(
      Array.from({ length: 1_200 }, (_, i) => (i < 900 ? 1 : 0)),
    )
  })

  it('are read by nobody but the owner of a copy that is complete', async () => {
    const shared = identity()
    const copy = await begun(shared)
    const later = new RedisCopy(redis, { ...shared, fence: 2, producer: '7:1' })
    expect(await later.enter()).toMatchObject({ stamp: 1 })
    await expect(read(copy, range('', null))).rejects.toThrow(CopyLostError)
    expect(await read(later, range('', null))).toEqual([[]])
    await later.begin()
    await expect(read(later, range('', null))).rejects.toThrow(CopyLostError)
  })
})

/** All timers of a node, page by page, as time and sub-key. */
async function pages(copy: RedisCopy, nodeId: string): Promise<string[][]> {
  const found: string[][] = []
  for (let from: TimerRequest['from'] = null; ; ) {
    const { timers, next } = await copy.timers({ nodeId, from })
    found.push(timers.map(({ time, stateKey }) => `${time} ${stateKey.slice(nodeId.length + 5)}`))
    if (next === null) return found
    from = next
  }
}

describe('a state copy', () => {
  it('is not entered again by a task that was fenced, though nothing was committed since', async () => {
    const shared = identity()
    const early = await begun(shared)
    const later = new RedisCopy(redis, { ...shared, producer: '7:1' })
    expect(await later.enter()).toMatchObject({ stamp: 1 })
    await expect(early.enter()).rejects.toThrow('FENCED')
    await expect(early.apply([row('closed:1:1:k', 'x')], 2)).rejects.toThrow('FENCED')
    await later.apply([row('closed:1:1:k', 'y')], 2)
    // The producer id changes where its epochs are used up.
    const anew = new RedisCopy(redis, { ...shared, producer: '6:0' })
    expect(await anew.enter()).toMatchObject({ stamp: 2 })
  })
})

describe('what a batch needs of a state copy', () => {
  it('is asked for at once, before the first answer', async () => {
    const relay = await startHeldRelay(Number(new URL(inject('servers').redis).port))
    const behind = withStateCommands(new Redis(relay.port))
    try {
      const copy = new RedisCopy(behind, identity())
      await copy.enter()
      await copy.begin()
      await copy.apply([row('closed:1:1:k7', 'seven'), row('open:1:1:k1300', 'x')], 1)
      // Redis knows the scripts from now on.
      await copy.read({ keys: ['closed:1:1:k7'], ranges: [range('', null)] })
      const before = callsIn(relay.asked())
      relay.hold()
      const reading = copy.read({
        keys: Array.from({ length: 3_500 }, (_, i) => `closed:1:1:k${i}`),
        ranges: Array.from({ length: 1_200 }, (_, i) => range(`${i + 1_000}`, `${i + 1_001}`)),
      })
      await waitFor('all questions', () => callsIn(relay.asked()) - before === 4 + 3)
      relay.release()
      const { values, ranges } = await reading
      expect([values.length, String(values[7]), ranges.length]).toEqual([3_500, 'seven', 1_200])
      expect(ranges[300]).toMatchObject([{ stateKey: 'open:1:1:k1300' }])
    } finally {
      behind.disconnect()
      relay.close()
    }
  })
})

/** Calls of scripts in what was sent to Redis. */
function callsIn(text: string): number {
  return text.match(/evalsha/gi)?.length ?? 0
}

describe('timers of a state copy', () => {
  it('come by time, then by the bytes of their keys, those of one node', async () => {
    const copy = await begun()
    const late = 8_640_000_000_000_001
    const timers: [string, number][] = [
      ...([
        ['b', 5],
        ['\u{10000}', 5],
        ['\uffff', 5],
        ['a', 5],
        ['z', -late],
        ['c', 1.7e12],
      ] as [string, number][]),
      ['stamp', 2],
      ['end', Number.MAX_SAFE_INTEGER],
    ]
    await copy.apply(
      timers.map(([subKey, time]) => row(`closed:1:1:${subKey}`, 'x', time)),
      2,
    )
    await copy.apply([row('open:1:1:other', 'x', 5)], 3)
    const inOrder = [`-${late} z`, '2 stamp', '5 a', '5 b', '5 \uffff', '5 \u{10000}', '1700000000000 c']
    expect(await pages(copy, 'closed')).toEqual([[...inOrder, `${Number.MAX_SAFE_INTEGER} end`]])
    expect(await pages(copy, 'open')).toEqual([['5 other']])
  })

  it('go on from any place, whether a timer stands there or not', async () => {
    const copy = await begun()
    await copy.apply(
      ['a', 'c', 'e'].map((subKey) => row(`closed:1:1:${subKey}`, 'x', 5)),
      2,
    )
    const from = async (time: number, subKey: string) => {
      const { timers } = await copy.timers({
        nodeId: 'closed',
        from: { time, stateKey: `closed:1:1:${subKey}` },
      })
      return timers.map(({ stateKey }) => stateKey.slice(-1)).join('')
    }
    const found = await Promise.all([
      from(4, 'z'),
      from(5, ''),
      from(5, 'b'),
      from(5, 'c'),
      from(5, 'f'),
      from(6, ''),
    ])
    expect(found).toEqual(['ace', 'ace', 'ce', 'ce', '', ''])
  })

  it('come in pages where they are many, also of one time', async () => {
    const copy = await begun()
    const keys = Array.from({ length: 5_000 }, (_, i) => `k${10_000 + i}`)
    await copy.apply(
      keys.map((subKey) => row(`closed:1:1:${subKey}`, 'x', 7)),
      2,
    )
    const found = await pages(copy, 'closed')
    expect(found.map(({ length }) => length)).toEqual([2_000, 2_000, 1_000])
    expect(found.flat()).toEqual(keys.map((key) => `7 ${key}`))
  })

  it('are read by nobody but the owner of a copy that is complete and has all its parts', async () => {
    const shared = identity()
    const copy = await begun(shared)
    const later = new RedisCopy(redis, { ...shared, fence: 2, producer: '7:1' })
    await later.enter()
    await expect(pages(copy, 'closed')).rejects.toThrow(CopyLostError)
    expect(await pages(later, 'closed')).toEqual([[]])
    await redis.del(...(await redis.keys(`${shared.prefix}timers:*:closed`)))
    await expect(pages(later, 'closed')).rejects.toThrow(CopyLostError)
    await later.begin()
    await expect(pages(later, 'open')).rejects.toThrow(CopyLostError)
  })
})

describe('a part of a state copy', () => {
  it('is part of the copy: without it, or with one of another stamp, the copy is of no use', async () => {
    const shared = identity()
    const copy = await begun(shared)
    await copy.apply([row('open:1:1:ka', '1')], 2)
    const again = (fence: number) => new RedisCopy(redis, { ...shared, fence }).enter()
    expect(await again(2)).toMatchObject({ stamp: 2 })
    const [index = ''] = await redis.keys(`${shared.prefix}index:*`)
    const members = await redis.zrange(index, '0', '-1')
    expect(members).toEqual(['!stamp:2', 'open:1:1:ka'])
    await redis.zrem(index, '!stamp:2')
    await redis.zadd(index, 0, '!stamp:1')
    expect(await again(3)).toBeNull()
    await redis.del(index)
    expect(await again(4)).toBeNull()
  })

  it.each(['state', 'index'])(
    'is missed by whoever reads, where the %s was lost under its owner',
    async (part) => {
      const shared = identity()
      const copy = await begun(shared)
      await copy.apply([row('open:1:1:ka', '1')], 2)
      const [key = ''] = await redis.keys(`${shared.prefix}${part}:*`)
      await redis.del(key)
      await expect(read(copy, range('', null))).rejects.toThrow(CopyLostError)
      if (part === 'state')
        await expect(copy.read({ keys: ['open:1:1:ka'], ranges: [] })).rejects.toThrow(CopyLostError)
    },
  )

  it.each(['state', 'index', 'timers'])(
    'is not written on where the %s was lost under its owner: it would look whole afterwards',
    async (part) => {
      const shared = identity()
      const copy = await begun(shared)
      await copy.apply([row('open:1:1:ka', '1', 50)], 2)
      await redis.del(...(await redis.keys(`${shared.prefix}${part}:*`)))
      await expect(copy.apply([row('open:1:1:kb', '2', 60)], 3)).rejects.toThrow(CopyLostError)
    },
  )

  it('belongs to the nodes that it was kept for', async () => {
    const shared = identity({ nodes: [OPEN] })
    await begun(shared)
    const other = new RedisCopy(redis, { ...shared, fence: 2, nodes: [{ ...OPEN, openSubKeys: false }] })
    expect(await other.enter()).toBeNull()
  })

  it('goes with the copy', async () => {
    const shared = identity()
    const copy = await begun(shared)
    await copy.apply([row('open:1:1:ka', '1')], 2)
    await copy.begin()
    await copy.apply([], 3)
    expect(await redis.keys(`${shared.prefix}index:*`)).toHaveLength(1)
    expect(await read(copy, range('', null))).toEqual([[]])
  })
})
