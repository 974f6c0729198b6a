import { expect, test } from 'vitest'
import type { Moment } from './live-store.ts'
import { nodeHealth } from './node-health.ts'

const moment = (rates: object, ...resumes: readonly boolean[]) =>
  ({
    nodes: new Map([['n', { inRate: 0, outRate: 0, errorRate: 0, ...rates }]]),
    frame: { problems: resumes.map((one) => ({ nodeId: 'n', resumes: one })) },
  }) as unknown as Moment

test.each([
  ['idle', moment({})],
  ['active', moment({ outRate: 1 })],
  ['waiting', moment({ inRate: 1 }, true)],
  ['failing', moment({ inRate: 1 }, true, false)],
  ['failing', moment({ inRate: 1, errorRate: 0.1 })],
])('a node is %s', (health, now) => {
  expect(nodeHealth(now, 'n')).toBe(health)
})

test('a node of which nothing is known is idle, and is not blamed for others', () => {
  expect(nodeHealth(moment({ errorRate: 1 }, false), 'other')).toBe('idle')
})
