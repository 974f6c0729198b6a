import { describe, expect, test } from 'vitest'
import { assign } from './assignment.ts'

const wanted = ['a', 'b', 'c', 'd']

describe('sharing tasks out', () => {
  test('takes free tasks up to the fair share', () => {
    expect(assign({ wanted, held: [], free: wanted, executors: 2, turn: 0 })).toEqual({
      take: ['a', 'b'],
      giveUp: [],
    })
    expect(assign({ wanted, held: ['a'], free: ['b', 'c'], executors: 2, turn: 0 }).take).toEqual(['b'])
  })

  test('rounds the share up, so that nothing is left over', () => {
    expect(assign({ wanted, held: [], free: wanted, executors: 3, turn: 0 }).take).toHaveLength(2)
  })

  test('hands surplus over one by one and keeps the rest', () => {
    expect(assign({ wanted, held: wanted, free: [], executors: 2, turn: 0 })).toEqual({
      take: [],
      giveUp: ['d'],
    })
    expect(assign({ wanted, held: ['a', 'b'], free: [], executors: 2, turn: 0 }).giveUp).toEqual([])
  })

  test('takes everything when it is alone', () => {
    expect(assign({ wanted, held: ['a', 'b'], free: ['c', 'd'], executors: 1, turn: 0 }).take).toEqual([
      'c',
      'd',
    ])
  })

  test('begins where its turn says, so that two executors do not reach for the same task', () => {
    expect(assign({ wanted, held: [], free: wanted, executors: 4, turn: 6 }).take).toEqual(['c'])
  })

  test('takes no task that is free but not wanted', () => {
    expect(assign({ wanted: ['a'], held: [], free: ['a', 'z'], executors: 1, turn: 1 }).take).toEqual(['a'])
  })

  test('does nothing where nothing is wanted', () => {
    expect(assign({ wanted: [], held: [], free: [], executors: 0, turn: 3 })).toEqual({
      take: [],
      giveUp: [],
    })
  })
})
