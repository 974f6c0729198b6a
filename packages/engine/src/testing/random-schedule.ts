import fc from 'fast-check'
import type { PlanDriver } from '../driver/plan-driver.ts'

/** One thing that happens to one task, counted over the driver's tasks. */
export interface Turn {
  readonly task: number
  readonly act: 'step' | 'commit' | 'crash'
  /** Records of each input, for a step. */
  readonly limit: number
}

/** Any order in which tasks work, commit and crash. */
export const arbitrarySchedule: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.record({
    task: fc.nat(20),
    act: fc.constantFrom('step', 'step', 'step', 'commit', 'crash'),
    limit: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 60 },
)

/** Carries a schedule out; what is left is for `settle`. A step may commit where it will, or only where a turn says so. */
export async function carryOut(driver: PlanDriver, schedule: readonly Turn[]): Promise<void> {
  const { tasks } = driver
  for (const { task: index, act, limit } of schedule) {
    const task = driver.task(tasks[index % tasks.length] as (typeof tasks)[number])
    if (act === 'step') await task.step(limit, async () => {})
    else if (act === 'commit') await task.commit()
    else task.crash()
  }
}
