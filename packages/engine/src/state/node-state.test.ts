import { scalar } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { createRowCodec } from '../codec/row-codec.ts'
import { encodeStateRow } from '../codec/state-codec.ts'
import { MemoryStore } from '../driver/memory-store.ts'
import { NodeState } from './node-state.ts'
import { type DueRowTimer, MAX_ROW_BYTES, type RefusedRow } from './node-state-options.ts'
import type { FetchRows, RowReply } from './outside-rows.ts'
import { rowName } from './state-key.ts'

const codec = createRowCodec([{ name: 'n', type: scalar('int64', false) }])
const A = rowName('a', '')
const B = rowName('b', '')

function encoded(n: number, timer?: number): Uint8Array {
  return encodeStateRow({ row: [n], timer }, codec)
}

/** The next timer that is due and still set. */
function nextDue(state: NodeState, watermark: number): DueRowTimer | undefined {
  for (;;) {
    const due = state.takeDue(watermark)
    if (due !== null) return due
  }
}

function eager(): NodeState {
  return new NodeState({
    nodeId: 'count',
    birth: 2,
    codec,
    outside: null,
    complete: true,
    openSubKeys: false,
  })
}

/** Nodes that set no timers have none outside. */
const noTimers = async () => ({ timers: [], next: null })

/** Rows outside memory, and what was asked of them. */
function lazy(rows: Readonly<Record<string, Uint8Array>> = {}) {
  const asked: string[][] = []
  const store = new MemoryStore()
  for (const [name, value] of Object.entries(rows)) store.values.set(`count:2:${name}`, value)
  const fetchRows: FetchRows = (request) => {
    asked.push([...request.keys])
    return store.outside.rows(request)
  }
  const state = new NodeState({
    nodeId: 'count',
    birth: 2,
    codec,
    outside: { rows: fetchRows, timers: store.outside.timers },
    complete: false,
    openSubKeys: false,
  })
  return { state, asked, stored: store.values }
}

describe('NodeState with every row in memory', () => {
  it('has no row that was never put', () => {
    expect(eager().get('a', '')).toBeUndefined()
  })

  it('gives back what was put, by key and sub-key', () => {
    const state = eager()
    state.put('a', '', [1])
    state.put('a', '1', [2])
    state.put('', 'a', [3])
    expect([state.get('a', ''), state.get('a', '1'), state.get('', 'a')]).toEqual([[1], [2], [3]])
    expect(state.size).toBe(3)
  })

  it('tells each changed row once, as it stands then', () => {
    const state = eager()
    state.put('a', '', [1])
    state.put('b', '', [5], 70)
    state.put('a', '', [2])
    expect(state.takeChanges()).toEqual([
      { stateKey: `count:2:${A}`, value: encoded(2), timer: undefined },
      { stateKey: `count:2:${B}`, value: encoded(5, 70), timer: 70 },
    ])
    expect(state.takeChanges()).toEqual([])
  })

  it('leaves later changes to the next commit', () => {
    const state = eager()
    state.put('a', '', [1])
    const [before] = state.takeChanges()
    state.put('a', '', [2])
    expect(before?.value).toEqual(encoded(1))
    expect(state.takeChanges()).toEqual([{ stateKey: `count:2:${A}`, value: encoded(2), timer: undefined }])
  })

  it('tells of a deletion and lets the row go', () => {
    const state = eager()
    state.put('a', '', [1])
    state.takeChanges()
    state.delete('a', '')
    expect(state.get('a', '')).toBeUndefined()
    expect(state.takeChanges()).toEqual([{ stateKey: `count:2:${A}`, value: null, timer: undefined }])
    expect(state.size).toBe(0)
  })

  it('takes a deleted row back', () => {
    const state = eager()
    state.put('a', '', [1])
    state.delete('a', '')
    state.put('a', '', [2])
    expect(state.takeChanges()).toEqual([{ stateKey: `count:2:${A}`, value: encoded(2), timer: undefined }])
  })

  it('restores rows and timers without taking them for changes', () => {
    const state = eager()
    state.restore(A, encoded(4, 30), true)
    expect(state.get('a', '')).toEqual([4])
    expect(state.nextTimer).toBe(30)
    expect(state.takeChanges()).toEqual([])
  })

  it('restores a later deletion over an earlier row', () => {
    const state = eager()
    state.restore(A, encoded(4, 30), true)
    state.restore(A, null, true)
    expect(state.get('a', '')).toBeUndefined()
    expect(state.size).toBe(0)
    expect(nextDue(state, 100)).toBeUndefined()
  })

  it('fetches nothing', async () => {
    const state = eager()
    await state.fetch([A])
    expect([state.complete, state.size]).toEqual([true, 0])
  })
})

describe('timers of NodeState', () => {
  it('come due in the order of time, then name', () => {
    const state = eager()
    state.put('b', '', [2], 10)
    state.put('c', '', [3], 5)
    state.put('a', '', [1], 10)
    expect(state.nextTimer).toBe(5)
    const taken = [nextDue(state, 10), nextDue(state, 10), nextDue(state, 10), nextDue(state, 10)]
    expect(taken.map((due) => due?.row)).toEqual([[3], [1], [2], undefined])
  })

  it('come due at their time and not before', () => {
    const state = eager()
    state.put('a', '', [1], 10)
    expect(nextDue(state, 9)).toBeUndefined()
    expect(nextDue(state, 10)).toMatchObject({ time: 10, name: A, row: [1] })
  })

  it('count only as they were set last', () => {
    const state = eager()
    state.put('a', '', [1], 10)
    state.put('a', '', [2], 20)
    expect(nextDue(state, 10)).toBeUndefined()
    expect(nextDue(state, 20)).toMatchObject({ time: 20, name: A, row: [2] })
    expect(nextDue(state, 20)).toBeUndefined()
  })

  it('fire once where they were set away and back', () => {
    const state = eager()
    for (const timer of [10, 20, 10]) state.put('a', '', [1], timer)
    expect(nextDue(state, 30)?.time).toBe(10)
    state.put('a', '', [1], 40)
    expect(nextDue(state, 30)).toBeUndefined()
  })

  it('end with their row, and where it is put without one', () => {
    const state = eager()
    state.put('a', '', [1], 10)
    state.put('b', '', [1], 10)
    state.delete('a', '')
    state.put('b', '', [1])
    expect([state.timerOf(A), state.timerOf(B), nextDue(state, 10)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('can be counted ahead', () => {
    const state = eager()
    for (const time of [30, 10, 20]) state.put(String(time), '', [1], time)
    expect([1, 2, 3, 4].map((count) => state.timeOfTimer(count))).toEqual([10, 20, 30, Infinity])
    expect([state.mayHaveDue(20, 2), state.mayHaveDue(20, 3), state.mayHaveDue(9, 1)]).toEqual([
      true,
      false,
      false,
    ])
    expect(state.dueNames(20, 9)).toEqual([rowName('10', ''), rowName('20', '')])
  })

  it('take bounded memory, however often they are moved', () => {
    const state = eager()
    for (let time = 0; time < 50_000; time++) state.put('a', '', [time], time)
    expect(state.mayHaveDue(Number.POSITIVE_INFINITY, 10_000)).toBe(false)
    expect(nextDue(state, Number.POSITIVE_INFINITY)?.time).toBe(49_999)
  })
})

describe('rows of NodeState that wait for a tick', () => {
  it('are taken once, in the order in which they asked first', () => {
    const state = eager()
    for (const key of ['b', 'a', 'b']) state.wake(key, '')
    expect(state.takeWoken()).toEqual([B, A])
    expect(state.takeWoken()).toEqual([])
  })
})

describe('NodeState with rows outside memory', () => {
  it('fetches what is missing, once, in one go', async () => {
    const { state, asked } = lazy({ [A]: encoded(1) })
    await state.fetch([A, B, A])
    expect(asked).toEqual([[`count:2:${A}`, `count:2:${B}`]])
    expect([state.get('a', ''), state.get('b', '')]).toEqual([[1], undefined])
    await state.fetch([A, B])
    expect(asked).toHaveLength(1)
  })

  it('refuses to answer for a row that was not fetched', () => {
    expect(() => lazy().state.get('a', '')).toThrow(`count:2:${A} was not fetched`)
  })

  it('fetches timers that are elsewhere when they may be due, and then their rows', async () => {
    const { state } = lazy({ [A]: encoded(1, 10), [B]: encoded(2, 20) })
    expect(state.nextTimer).toBe(Number.NEGATIVE_INFINITY)
    await state.fetchTimers(10, 5)
    expect([state.nextTimer, state.dueNames(10, 5)]).toEqual([10, [A]])
    await state.fetch([A])
    expect(nextDue(state, 10)).toMatchObject({ time: 10, name: A, row: [1] })
    expect(nextDue(state, 10)).toBeUndefined()
  })

  it('passes over timers of rows that are gone or have another timer by now', async () => {
    const { state, stored } = lazy({ [A]: encoded(1, 10), [B]: encoded(1, 10) })
    await state.fetchTimers(10, 5)
    stored.delete(`count:2:${A}`)
    stored.set(`count:2:${B}`, encoded(1, 20))
    await state.fetch(state.dueNames(10, 5))
    expect([state.takeDue(10), state.takeDue(10), state.takeDue(10)]).toEqual([null, null, undefined])
  })

  it('keeps timers of rows elsewhere when stale ones are thrown away', async () => {
    const { state } = lazy({ [B]: encoded(1, 60_000) })
    await state.fetchTimers(60_000, 1)
    await state.fetch([A, B])
    for (let time = 0; time < 20_000; time++) state.put('a', '', [time], time)
    expect(nextDue(state, 70_000)?.name).toBe(A)
    expect(nextDue(state, 70_000)).toMatchObject({ time: 60_000, name: B, row: [1] })
  })

  it('knows of a deletion until readers outside memory do', async () => {
    const { state, asked, stored } = lazy({ [A]: encoded(1) })
    await state.fetch([A])
    state.delete('a', '')
    expect(state.takeChanges()).toHaveLength(1)
    await state.fetch([A])
    expect([state.get('a', ''), asked.length]).toEqual([undefined, 1])
    state.settle()
    stored.clear()
    state.acknowledge(1)
    expect(state.size).toBe(0)
    await state.fetch([A])
    expect(asked).toHaveLength(2)
  })

  it('does not forget a row that was put again', async () => {
    const { state } = lazy({ [A]: encoded(1) })
    await state.fetch([A])
    state.delete('a', '')
    state.takeChanges()
    state.put('a', '', [2])
    state.acknowledge(1)
    expect(state.get('a', '')).toEqual([2])
  })

  it('does not forget a second deletion when readers learn of the first', async () => {
    const { state } = lazy({ [A]: encoded(1) })
    await state.fetch([A])
    state.settle()
    for (const change of [
      () => state.delete('a', ''),
      () => state.put('a', '', [2]),
      () => state.delete('a', ''),
    ]) {
      change()
      state.takeChanges()
    }
    state.acknowledge(2)
    expect(state.get('a', '')).toBeUndefined()
    state.acknowledge(3)
    expect(() => state.get('a', '')).toThrow('was not fetched')
  })

  it('does not forget a deletion that is not committed', async () => {
    const { state } = lazy({ [A]: encoded(1) })
    await state.fetch([A])
    state.delete('a', '')
    state.acknowledge(1)
    expect(state.takeChanges()).toHaveLength(1)
  })

  it('knows a deleted row that is forgotten while others are being fetched', async () => {
    let release = (_: RowReply) => {}
    const fetchRows: FetchRows = () => new Promise((resolve) => (release = resolve))
    const state = new NodeState({
      nodeId: 'count',
      birth: 2,
      codec,
      outside: { rows: fetchRows, timers: noTimers },
      complete: false,
      openSubKeys: false,
    })
    state.put('a', '', [1])
    state.delete('a', '')
    state.takeChanges()
    const fetching = state.fetch([A, B])
    state.acknowledge(1)
    release({ values: [null], ranges: [] })
    await fetching
    expect([state.get('a', ''), state.get('b', '')]).toEqual([undefined, undefined])
    state.settle()
    expect(state.size).toBe(0)
  })

  it('lets go of rows that were fetched for nothing, and of no others', async () => {
    const { state } = lazy({ [A]: encoded(1) })
    await state.fetch([A, B, rowName('c', ''), rowName('d', '')])
    state.put('c', '', [3])
    state.put('d', '', [4])
    state.delete('d', '')
    state.settle()
    expect(() => state.get('b', '')).toThrow('was not fetched')
    expect([state.get('a', ''), state.get('c', ''), state.get('d', '')]).toEqual([[1], [3], undefined])
  })
})

/** Rows of key "k" outside memory, by sub-key, and the ranges that were asked for. */
function ordered(rows: Readonly<Record<string, number>> = {}) {
  const stored = new Map(
    Object.entries(rows).map(([subKey, n]) => [`count:2:${rowName('k', subKey)}`, encoded(n)]),
  )
  const asked: string[] = []
  const fetchRows: FetchRows = async ({ keys, ranges }) => {
    asked.push(
      ...keys.map((key) => key.slice(8)),
      ...ranges.map(({ prefix, from, to }) => `${prefix.slice(8)}[${from},${to ?? ''})`),
    )
    return {
      values: keys.map((key) => stored.get(key) ?? null),
      ranges: ranges.map(({ prefix, from, to }) =>
        [...stored]
          .filter(
            ([key]) => key.startsWith(prefix) && key >= prefix + from && (to === null || key < prefix + to),
          )
          .map(([stateKey, value]) => ({ stateKey, value })),
      ),
    }
  }
  const state = new NodeState({
    nodeId: 'count',
    birth: 2,
    codec,
    outside: { rows: fetchRows, timers: noTimers },
    complete: false,
    openSubKeys: true,
  })
  const read = (range?: Parameters<NodeState['range']>[1]) =>
    state.range('k', range).map(({ subKey, row }) => `${subKey}${row[0]}`)
  const K = { key: 'k', from: '', to: null }
  return { state, stored, asked, read, whole: () => state.fetch([], [K]), K }
}

describe('ranges of NodeState with every row in memory', () => {
  const state = () => {
    const open = new NodeState({
      nodeId: 'count',
      birth: 2,
      codec,
      outside: null,
      complete: true,
      openSubKeys: true,
    })
    for (const subKey of ['c', 'a', '', 'b']) open.put('k', subKey, [subKey.length])
    open.put('k2', 'a', [9])
    open.put('', 'k', [9])
    return open
  }

  it('are those rows of a key, in order', () => {
    const keys = (range?: Parameters<NodeState['range']>[1]) =>
      state()
        .range('k', range)
        .map(({ subKey }) => subKey)
    expect(keys()).toEqual(['', 'a', 'b', 'c'])
    expect(keys({ from: 'a', to: 'c' })).toEqual(['a', 'b'])
    expect(keys({ from: 'aa' })).toEqual(['b', 'c'])
    expect(keys({ to: 'b', reverse: true })).toEqual(['a', ''])
    expect(keys({ reverse: true, limit: 2 })).toEqual(['c', 'b'])
    expect(keys({ from: 'c', to: 'a' })).toEqual([])
    expect(state().range('other')).toEqual([])
  })

  it('follow what is put, deleted and restored', () => {
    const open = state()
    open.takeChanges()
    open.delete('k', 'a')
    open.delete('k', 'none')
    open.put('k', 'b', [5])
    open.restore(rowName('k', 'aa'), encoded(7), true)
    open.restore(rowName('k', 'c'), null, true)
    expect(open.range('k').map(({ subKey, row }) => [subKey, row[0]])).toEqual([
      ['', 0],
      ['aa', 7],
      ['b', 5],
    ])
    open.takeChanges()
    expect(open.range('k')).toHaveLength(3)
  })

  it('do not change while they are gone through', () => {
    const open = state()
    for (const { subKey } of open.range('k')) open.delete('k', subKey)
    expect(open.range('k')).toEqual([])
  })

  it('are kept only where the node asks for them', () => {
    expect(() => eager().range('k')).toThrow('not kept in order')
  })
})

describe('ranges of NodeState with rows outside memory', () => {
  it('are fetched once, each part once, however many ask', async () => {
    const { state, asked, read } = ordered({ a: 1, b: 2, c: 3, d: 4 })
    const range = (from: string, to: string | null) => ({ key: 'k', from, to })
    await state.fetch([rowName('k', 'x')], [range('b', 'c'), range('b', 'd'), range('b', 'c')])
    expect(asked.splice(0)).toEqual(['1:kx', '1:k[b,d)'])
    expect(read({ from: 'b', to: 'd' })).toEqual(['b2', 'c3'])
    await state.fetch([rowName('k', 'c'), rowName('k', 'cc')], [range('a', null)])
    expect(asked.splice(0)).toEqual(['1:k[a,b)', '1:k[d,)'])
    expect(read({ from: 'a' })).toEqual(['a1', 'b2', 'c3', 'd4'])
    await state.fetch([], [range('b', null)])
    expect(asked).toEqual([])
  })

  it('refuse to answer for what was not fetched', async () => {
    const { state, read } = ordered({ a: 1 })
    expect(() => read()).toThrow('were not fetched')
    await state.fetch([], [{ key: 'k', from: 'a', to: 'c' }])
    expect(read({ from: 'a', to: 'c' })).toEqual(['a1'])
    expect(() => read({ from: 'a', to: 'cc' })).toThrow('count:2:1:k from "a" to "cc" were not fetched')
  })

  it('know that a row in them that was not found does not exist', async () => {
    const { state, whole } = ordered({ a: 1 })
    await whole()
    expect([state.get('k', 'a'), state.get('k', 'b')]).toEqual([[1], undefined])
    expect(() => state.get('other', 'b')).toThrow('was not fetched')
  })

  it('hold what is newer here: rows that were put, and rows that were deleted', async () => {
    const { state, whole, read } = ordered({ a: 1, b: 2 })
    await state.fetch([rowName('k', 'b')])
    state.put('k', 'c', [3])
    state.put('k', 'b', [20])
    state.put('k', 'a', [0])
    state.delete('k', 'a')
    await whole()
    expect(read()).toEqual(['b20', 'c3'])
  })

  it('do not bring back what was deleted elsewhere while they were read', async () => {
    const { state, stored, K } = ordered({ a: 1, b: 2 })
    await state.fetch([rowName('k', 'a')])
    state.delete('k', 'a')
    state.takeChanges()
    // Read with the row, which then goes: the answer comes after that is known.
    const fetching = state.fetch([], [K])
    stored.delete(`count:2:${rowName('k', 'a')}`)
    state.acknowledge(1)
    await fetching
    expect(state.range('k').map(({ subKey }) => subKey)).toEqual(['b'])
    state.settle()
    expect(state.size).toBe(1)
  })

  it('let go of keys that have no rows, and of no others', async () => {
    const { state, stored, asked, whole, read } = ordered({ a: 1 })
    await whole()
    state.settle()
    await whole()
    expect([asked.splice(0), read()]).toEqual([['1:k[,)'], ['a1']])
    state.delete('k', 'a')
    for (const { stateKey } of state.takeChanges()) stored.delete(stateKey)
    state.acknowledge(1)
    state.settle()
    expect(() => read()).toThrow('were not fetched')
    await whole()
    expect([asked.splice(0), read()]).toEqual([['1:k[,)'], []])
    expect(state.size).toBe(0)
  })
})

describe('a row that is too large to be kept', () => {
  const texts = createRowCodec([{ name: 'text', type: scalar('string', false) }])
  const bytesOf = (text: string) => encodeStateRow({ row: [text], timer: 5 }, texts).length
  const most = 'x'.repeat(MAX_ROW_BYTES - (bytesOf('x'.repeat(MAX_ROW_BYTES)) - MAX_ROW_BYTES))

  it.each([true, false])(
    'is told of at the commit and deleted, with its timer (in order: %s)',
    (openSubKeys) => {
      const refused: RefusedRow[] = []
      const state = new NodeState({
        ...{ nodeId: 'last', birth: 1, codec: texts, outside: null, complete: true, openSubKeys },
        refuse: (row) => refused.push(row),
      })
      state.put('large', '', [`${most}x`], 5)
      state.put('fits', '', [most], 5)
      const changes = state.takeChanges()
      expect(refused).toEqual([{ key: 'large', row: [`${most}x`], bytes: MAX_ROW_BYTES + 1 }])
      expect(changes.map(({ stateKey, value, timer }) => [stateKey, value?.length, timer])).toEqual([
        ['last:1:5:large', undefined, undefined],
        ['last:1:4:fits', MAX_ROW_BYTES, 5],
      ])
      expect(state.get('large', '')).toBeUndefined()
      if (openSubKeys) expect(state.range('large')).toEqual([])
      expect(nextDue(state, 5)).toMatchObject({ key: 'fits' })
      expect(nextDue(state, 5)).toBeUndefined()
      state.put('large', '', ['small again'])
      expect(state.takeChanges().map(({ value }) => value !== null)).toEqual([true])
      expect(refused).toHaveLength(1)
    },
  )
})
