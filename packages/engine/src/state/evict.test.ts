import { scalar } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRowCodec } from '../codec/row-codec.ts'
import { checkProperty } from '../testing/check-property.ts'
import { NodeState } from './node-state.ts'
import type { FetchRows, StateChange } from './outside-rows.ts'
import { rowName } from './state-key.ts'
import { compareUtf8 } from './utf8-order.ts'

const codec = createRowCodec([{ name: 'n', type: scalar('int64') }])

/** A state that begins empty, over rows outside memory to which commits are carried when a test says so. */
class Outside {
  readonly state: NodeState
  readonly stored = new Map<string, Uint8Array>()
  readonly #waiting: StateChange[][] = []
  #commits = 0
  #known = 0

  constructor(openSubKeys: boolean) {
    const fetchRows: FetchRows = async ({ keys, ranges }) => ({
      values: keys.map((key) => this.stored.get(key) ?? null),
      ranges: ranges.map(({ prefix, from, to }) =>
        [...this.stored]
          .filter(
            ([key]) =>
              key.startsWith(prefix) &&
              compareUtf8(key, prefix + from) >= 0 &&
              (to === null || compareUtf8(key, prefix + to) < 0),
          )
          .map(([stateKey, value]) => ({ stateKey, value })),
      ),
    })
    this.state = new NodeState({ nodeId: 'n', birth: 1, codec, fetchRows, complete: true, openSubKeys })
  }

  commit(): void {
    this.#commits++
    this.#waiting.push(this.state.takeChanges())
  }

  /** Carries the oldest commit that is not outside yet. */
  carry(): void {
    const changes = this.#waiting.shift()
    if (changes === undefined) return
    for (const { stateKey, value } of changes) {
      if (value === null) this.stored.delete(stateKey)
      else this.stored.set(stateKey, value)
    }
    this.state.acknowledge(++this.#known)
  }

  /** Everything is committed and known outside. */
  settleAll(): void {
    this.commit()
    while (this.#known < this.#commits) this.carry()
    this.state.settle()
  }
}

const inMemory = (state: NodeState, key: string): boolean => {
  try {
    return state.get(key, '') !== undefined
  } catch {
    return false
  }
}

describe('a state over its limit', () => {
  it('keeps what is not known outside', () => {
    const { state } = new Outside(false)
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
    const outside = new Outside(false)
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
    const outside = new Outside(false)
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
    const outside = new Outside(false)
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

  it('never limits a state that has no place outside', () => {
    const state = new NodeState({
      ...{ nodeId: 'n', birth: 1, codec, fetchRows: null, complete: true, openSubKeys: false },
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
      const outside = new Outside(openSubKeys)
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
