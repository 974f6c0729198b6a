import fc from 'fast-check'
import type { PlanDriver, TaskName } from '../driver/plan-driver.ts'

/** One thing that happens to one task, counted over the driver's tasks. */
export interface Turn {
  readonly task: number
  /** `idle`: its partitions of sources have been silent for too long. */
  readonly act: 'step' | 'commit' | 'crash' | 'idle'
  /** Records of each input, for a step. */
  readonly limit: number
}

function scheduleOf(...acts: Turn['act'][]): fc.Arbitrary<readonly Turn[]> {
  const turn = fc.record({
    task: fc.nat(20),
    act: fc.constantFrom(...acts),
    limit: fc.integer({ min: 1, max: 4 }),
  })
  return fc.array(turn, { maxLength: 60 })
}

/** Any order in which tasks work, commit and crash. */
export const arbitrarySchedule = scheduleOf('step', 'step', 'step', 'commit', 'crash')

/** The same, with partitions that fall idle in between. */
export const scheduleWithIdle = scheduleOf('step', 'step', 'step', 'commit', 'crash', 'idle')

/** Carries a schedule out; what is left is for `settle`. A step may commit where it will, or only where a turn says so. */
export async function carryOut(driver: PlanDriver, schedule: readonly Turn[]): Promise<void> {
  const { tasks } = driver
  for (const { task: index, act, limit } of schedule) {
    const task = driver.task(tasks[index % tasks.length] as (typeof tasks)[number])
    if (act === 'step') await task.step(limit, async () => {})
    else if (act === 'commit') await task.commit()
    else if (act === 'crash') task.crash()
    else await fallIdle(driver, tasks[index % tasks.length] as TaskName)
  }
}

async function fallIdle(driver: PlanDriver, name: TaskName): Promise<void> {
  const { runtime } = driver.task(name)
  for (const { input } of runtime.sourceProgress()) runtime.markIdle(input)
  await runtime.run()
}
