import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { inSlices, SLICE } from './in-slices.ts'

function open(readers: number) {
  const store = createStore(() => 0)
  const frames: (() => void)[] = []
  const sliced = inSlices(store, (work) => frames.push(work))
  const heard = Array.from({ length: readers }, (): number[] => [])
  const stops = heard.map((list) => sliced.subscribe((state) => list.push(state)))
  const frame = () => {
    for (const work of frames.splice(0)) work()
  }
  const told = () => heard.filter((list) => list.length > 0).length
  return { store, heard, stops, frame, frames, told }
}

test('few readers hear of a change at once', () => {
  const { store, heard } = open(3)
  store.setState(1, true)
  expect(heard).toEqual([[1], [1], [1]])
})

test('many hear of it in slices, one a frame, and each once', () => {
  const { store, heard, frame, frames, told } = open(2 * SLICE + 1)
  store.setState(1, true)
  expect(told()).toBe(SLICE)
  frame()
  expect(told()).toBe(2 * SLICE)
  frame()
  expect(heard.every((list) => list.join() === '1')).toBe(true)
  expect(frames).toEqual([])
})

test('who still waits hears of the newest state alone', () => {
  const { store, heard, frame, told } = open(SLICE + 1)
  store.setState(1, true)
  store.setState(2, true)
  for (let i = 0; i < 3; i++) frame()
  expect(told()).toBe(SLICE + 1)
  expect(heard.at(-1)).toEqual([2])
  expect(heard.every((list) => list.at(-1) === 2)).toBe(true)
})

test('who has left hears nothing', () => {
  const { store, heard, stops, frame } = open(SLICE + 1)
  store.setState(1, true)
  stops.at(-1)?.()
  frame()
  expect(heard.at(-1)).toEqual([])
})
