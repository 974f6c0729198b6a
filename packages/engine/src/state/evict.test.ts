import { scalar } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowCodec } from '../codec/row-codec.ts'
import { checkProperty } from '../testing/check-property.ts'
import { LaggingState } from '../testing/lagging-state.ts'
import { NodeState } from './node-state.ts'
import { rowName } from './state-key.ts'

const codec = createRowCodec([{ name: 'n', type: scalar('int64') }])

const inMemory = (state: NodeState, key: string): boolean => {
  try {
    return state.get(key, '') !== undefined
  } catch {
    return false
  }
}

describe('a state over its limit', () => {
  it('keeps what is not known outside', () => {
    const { state } = new LaggingState(codec, false)
    state.limit(0)
    state.put('changed', '', [1])
    state.settle()
    expect(inMemory(state, 'changed')).toBe(true)
    state.takeChanges()
    state.settle()
    expect(inMemory(state, 'changed')).toBe(true)
    state.acknowledge(1)
    state.settle()
    expect([inMemory(state, 'changed'), state.size, state.bytes]).toEqual([false, 0, 0])
  })

  it('lets go first of what was not used for long', () => {
    const outside = new LaggingState(codec, false)
    const { state } = outside
    for (const key of ['a', 'b', 'c', 'd']) state.put(key, '', [1])
    outside.settleAll()
    state.limit(state.bytes - 1)
    // All were used lately: the first look notes that, the second takes the oldest.
    state.settle()
    expect(state.size).toBe(3)
    state.get('b', '')
    state.limit(state.bytes - 1)
    state.settle()
    expect([...'abcd'].filter((key) => inMemory(state, key))).toEqual(['b', 'd'])
  })

  it('brings back nothing that was deleted before anybody outside knew', async () => {
    const outside = new LaggingState(codec, false)
    const { state } = outside
    state.put('gone', '', [1])
    outside.settleAll()
    state.limit(0)
    state.delete('gone', '')
    outside.commit()
    state.settle()
    await state.fetch([rowName('gone', '')])
    expect(state.get('gone', '')).toBeUndefined()
  })

  it('counts a row by what it holds', () => {
    const outside = new LaggingState(codec, false)
    outside.state.put('a', '', [null])
    outside.settleAll()
    const small = outside.state.bytes
    outside.state.put('a', '', [2 ** 52])
    outside.settleAll()
    expect(outside.state.bytes).toBeGreaterThan(small)
    outside.state.delete('a', '')
    outside.settleAll()
    expect([outside.state.size, outside.state.bytes]).toEqual([0, 0])
  })

  it('opens while commits are always under way, and remembers what was deleted meanwhile', async () => {
    const lagging = new LaggingState(codec, false)
    const { state } = lagging
    state.limit(0)
    state.put('gone', '', [1])
    lagging.commit()
    for (let n = 0; n < 3; n++) {
      state.put(`k${n}`, '', [n])
      if (n === 1) state.delete('gone', '')
      lagging.commit()
      lagging.carry()
      state.settle()
    }
    expect(state.complete).toBe(false)
    await state.fetch([rowName('gone', ''), rowName('k0', '')])
    expect([state.get('gone', ''), state.get('k0', '')]).toEqual([undefined, [0]])
  })

  it('lets the latest timers go, and has them again when their time comes near', async () => {
    const lagging = new LaggingState(codec, false)
    const { state } = lagging
    for (let n = 0; n < 100; n++) state.put(`k${n}`, '', [n], n)
    lagging.settleAll()
    state.limit(4_000)
    state.settle()
    state.settle()
    const due = state.dueNames(Number.POSITIVE_INFINITY, 100)
    expect([due.length > 0, due.length < 10, state.bytes < 4_000]).toEqual([true, true, true])
    expect(state.nextTimer).toBe(0)
    expect([state.mayHaveDue(2, 9), state.mayHaveDue(99, 9), state.timeOfTimer(50) < 10]).toEqual([
      ...[false, true, true],
    ])
    await state.fetchTimers(99, 100)
    expect(state.dueNames(99, 100)).toEqual(Array.from({ length: 100 }, (_, n) => rowName(`k${n}`, '')))
  })

  it('keeps timers of which nobody outside knows', async () => {
    const lagging = new LaggingState(codec, false)
    const { state } = lagging
    state.put('a', '', [1], 1)
    lagging.settleAll()
    state.limit(0)
    state.settle()
    state.put('b', '', [2], 2)
    lagging.commit()
    state.settle()
    await state.fetchTimers(9, 9)
    expect(state.dueNames(9, 9)).toEqual([rowName('a', ''), rowName('b', '')])
  })

  it('never limits a state that has no place outside', () => {
    const state = new NodeState({
      ...{ nodeId: 'n', birth: 1, codec, outside: null, complete: true, openSubKeys: false },
    })
    state.limit(0)
    state.put('a', '', [1])
    state.takeChanges()
    state.settle()
    expect(state.get('a', '')).toEqual([1])
  })
})

const KEYS = ['a', 'b', 'c']
const SUB_KEYS = ['0', '1', '2']

const action = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    key: fc.constantFrom(...KEYS),
    subKey: fc.constantFrom(...SUB_KEYS),
    n: fc.nat(1_000_000),
  }),
  fc.record({
    kind: fc.constant('delete' as const),
    key: fc.constantFrom(...KEYS),
    subKey: fc.constantFrom(...SUB_KEYS),
  }),
  fc.record({ kind: fc.constant('commit' as const) }),
  fc.record({ kind: fc.constant('carry' as const) }),
  fc.record({ kind: fc.constant('settle' as const) }),
  fc.record({ kind: fc.constant('limit' as const), bytes: fc.constantFrom(0, 500, 2_000) }),
)

describe.each([false, true])('with rows that come and go (read by range: %s)', (openSubKeys) => {
  it('reads what was written last, whatever left memory in between', async () => {
    const property = fc.asyncProperty(fc.array(action, { maxLength: 80 }), async (actions) => {
      const outside = new LaggingState(codec, openSubKeys)
      const { state } = outside
      const model = new Map<string, number>()
      for (const one of actions) {
        if (one.kind === 'commit') outside.commit()
        else if (one.kind === 'carry') outside.carry()
        else if (one.kind === 'settle') state.settle()
        else if (one.kind === 'limit') state.limit(one.bytes)
        else await change(state, model, one)
        await agrees(state, model, openSubKeys)
      }
    })
    await checkProperty(property, 300)
  })
})

async function change(
  state: NodeState,
  model: Map<string, number>,
  one: { readonly key: string; readonly subKey: string; readonly n?: number },
): Promise<void> {
  const { key, subKey, n } = one
  await state.fetch([rowName(key, subKey)])
  if (n === undefined) state.delete(key, subKey)
  else state.put(key, subKey, [n])
  if (n === undefined) model.delete(key + subKey)
  else model.set(key + subKey, n)
}

async function agrees(
  state: NodeState,
  model: ReadonlyMap<string, number>,
  openSubKeys: boolean,
): Promise<void> {
  const pairs = KEYS.flatMap((key) => SUB_KEYS.map((subKey) => [key, subKey] as const))
  await state.fetch(pairs.map(([key, subKey]) => rowName(key, subKey)))
  for (const [key, subKey] of pairs)
    expect(state.get(key, subKey)?.[0] ?? null).toBe(model.get(key + subKey) ?? null)
  if (openSubKeys) {
    await state.fetch(
      [],
      KEYS.map((key) => ({ key, from: '', to: null })),
    )
    const found = KEYS.flatMap((key) => state.range(key).map(({ subKey, row }) => [key + subKey, row[0]]))
    expect(found).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
  // As after a batch.
  state.settle()
}
