import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { ProblemBoard } from './problem-board.ts'

const board = () => new ProblemBoard(pino({ level: 'silent' }))

test('the oldest problem is shown, since it began, in its newest words', () => {
  vi.useFakeTimers({ now: 1_000 })
  const problems = board()
  problems.raise('kafka_unreachable', 'Kafka is out of reach.')
  problems.raise('internal_topic_full', 'Much is unread.', 'window')
  vi.setSystemTime(2_000)
  problems.raise('kafka_unreachable', 'Kafka is still out of reach.')
  expect(problems.current).toEqual({
    ...{ code: 'kafka_unreachable', nodeId: null, since: 1_000 },
    message: 'Kafka is still out of reach.',
  })
  problems.clear('kafka_unreachable')
  expect(problems.current).toMatchObject({ code: 'internal_topic_full', nodeId: 'window' })
  problems.clear('internal_topic_full')
  expect(problems.current).toBeNull()
  vi.useRealTimers()
})

test('why a task stands still is not hidden by what was wrong before', () => {
  const problems = board()
  problems.raise('kafka_unreachable', 'Kafka is out of reach.')
  problems.raise('partitions_changed', 'The topic has 3 partitions now.')
  const { since } = problems.current ?? {}
  problems.clearAll('partitions_changed')
  expect(problems.current).toMatchObject({ code: 'partitions_changed' })
  problems.clearAll('partitions_changed')
  expect(problems.current?.since).toBeGreaterThanOrEqual(since ?? 0)
  problems.clearAll()
  expect(problems.current).toBeNull()
})
