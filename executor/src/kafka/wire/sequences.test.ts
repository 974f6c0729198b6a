import { describe, expect, it } from 'vitest'
import { Sequences } from './sequences.ts'

const first = { topic: 'a', partition: 0 }
const second = { topic: 'a', partition: 1 }

describe('Sequences', () => {
  it('count the records of each partition by themselves', () => {
    const sequences = new Sequences()
    expect([sequences.take(first, 5), sequences.take(first, 2), sequences.take(second, 1)]).toEqual([0, 5, 0])
    expect([sequences.take(first, 1), sequences.take(second, 1)]).toEqual([7, 1])
  })

  it('begin again at 0 after a reset', () => {
    const sequences = new Sequences()
    sequences.take(first, 5)
    sequences.reset()
    expect(sequences.take(first, 1)).toBe(0)
  })

  it('go on at 0 after the largest 32-bit integer', () => {
    const sequences = new Sequences()
    sequences.take(first, 0x7fffffff)
    expect([sequences.take(first, 1), sequences.take(first, 1)]).toEqual([0x7fffffff, 0])
  })

  it('wrap within a batch as the Java client does', () => {
    const sequences = new Sequences()
    sequences.take(first, 0x7ffffffe)
    expect([sequences.take(first, 10), sequences.take(first, 1)]).toEqual([0x7ffffffe, 8])
  })
})
