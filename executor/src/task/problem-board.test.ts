import pino from 'pino'
import { expect, test } from 'vitest'
import { ProblemBoard } from './problem-board.ts'

const board = () => new ProblemBoard(pino({ level: 'silent' }))

test('the oldest problem is shown, in the words in which it came', () => {
  const problems = board()
  problems.raise('kafka_unreachable', 'Kafka is out of reach.')
  problems.raise('internal_topic_full', 'Much is unread.', 'window')
  problems.raise('kafka_unreachable', 'Kafka is still out of reach.')
  expect(problems.current).toMatchObject({ code: 'kafka_unreachable', message: 'Kafka is out of reach.' })
  problems.clear('kafka_unreachable')
  expect(problems.current).toMatchObject({ code: 'internal_topic_full', nodeId: 'window' })
  problems.clear('internal_topic_full')
  expect(problems.current).toBeNull()
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
