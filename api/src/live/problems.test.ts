import type { Problem, TaskReport } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { findProblems, type Situation } from './problems.ts'

const NOW = 1_000_000
const heartbeat = {
  id: 'e1',
  host: 'h',
  pid: 1,
  startedAt: 1,
  at: NOW,
  tasks: 1,
  workers: [],
  leaving: false,
}

function report(partition: number, problem: Problem | null): TaskReport {
  const facts = { stage: 's1', partition, executor: 'e1', generation: 1, since: 1, at: NOW, drained: false }
  return { ...facts, state: problem ? 'waiting' : 'running', problem }
}

function situation(rest: Partial<Situation> = {}): Situation {
  const progress = { expected: 4, running: 4, stopped: [] }
  return { now: NOW, since: NOW - 60_000, progress, reports: [], executors: [heartbeat], ...rest }
}

const slow = (since: number): Problem => ({
  code: 'sink_unreachable',
  nodeId: 'out',
  message: 'Elasticsearch does not answer.',
  since,
})

describe('problems', () => {
  test('are none where all tasks run', () => {
    expect(findProblems(situation())).toEqual([])
  })

  test('that several tasks have are told once, since the first of them had it', () => {
    const reports = [report(0, slow(500)), report(1, slow(300)), report(2, slow(400)), report(3, null)]
    expect(findProblems(situation({ reports }))).toEqual([
      {
        code: 'sink_unreachable',
        nodeId: 'out',
        message: 'Elasticsearch does not answer. (and 2 more tasks)',
        since: 300,
        resumes: true,
      },
    ])
  })

  test('of different nodes are told apart', () => {
    const reports = [report(0, slow(1)), report(1, { ...slow(1), nodeId: 'other' })]
    expect(findProblems(situation({ reports }))).toHaveLength(2)
  })

  test('tell whether a person is needed', () => {
    const reports = [report(0, { ...slow(1), code: 'position_lost' })]
    expect(findProblems(situation({ reports }))).toMatchObject([{ resumes: false }])
  })

  test('tell whether one can go on in the topic: not in an internal one', () => {
    const lost = { ...slow(1), code: 'position_lost' } as const
    const reports = [report(0, lost), report(1, { ...lost, nodeId: null })]
    const answers = findProblems(situation({ reports })).map(({ continues }) => continues)
    expect(answers).toEqual([true, undefined])
  })

  test('begin with no executor being there', () => {
    expect(findProblems(situation({ executors: [] }))).toMatchObject([{ code: 'no_executor', resumes: true }])
  })

  test('tell of tasks that do not run, once they had time to start and where nothing else explains it', () => {
    const progress = { expected: 4, running: 3, stopped: [] }
    expect(findProblems(situation({ progress, since: NOW - 1_000 }))).toEqual([])
    expect(findProblems(situation({ progress }))).toMatchObject([{ code: 'tasks_missing' }])
    expect(findProblems(situation({ progress, reports: [report(0, slow(1))] }))).toMatchObject([
      { code: 'sink_unreachable' },
    ])
  })
})
