import { pino } from 'pino'
import { describe, expect, test, vi } from 'vitest'
import { TaskRunner, type TaskRunnerOptions } from './task-runner.ts'

/** A runner whose Kafka never answers. */
function runnerThatWaits() {
  const kafka = vi.fn(() => new Promise<never>(() => {}))
  const identity = { spec: { deployment: 'd', generation: 1 }, stage: 's1', partition: 0, sink: null }
  const options = { identity, kafka, connector: null, log: pino({ level: 'silent' }) }
  return { kafka, runner: new TaskRunner(options as unknown as TaskRunnerOptions) }
}

describe('a task that is being taken over', () => {
  test('is ended at once: it has nothing to commit', async () => {
    const { kafka, runner } = runnerThatWaits()
    expect(kafka).toHaveBeenCalled()
    expect(runner.report('one').state).toBe('restoring')
    await runner.stop()
  })
})
