import { expect, it } from 'vitest'
import { coresIn, shareCores } from './cores.ts'

it.each([
  [[0, 1], { engine: '1', rest: '0', count: 1 }],
  [[4, 5, 9], { engine: '9', rest: '4,5', count: 1 }],
  [[0, 1, 2, 3], { engine: '2,3', rest: '0,1', count: 2 }],
])('gives half of the cores %j to the engine', (available, cores) => {
  expect(shareCores(available)).toEqual(cores)
})

it('says that one core is too few', () => {
  expect(() => shareCores([0])).toThrow('two cores are needed')
})

it.each([
  ['0-2,7', [0, 1, 2, 7]],
  ['3', [3]],
  ['', []],
])('reads the list %j', (list, cores) => {
  expect(coresIn(list)).toEqual(cores)
})
