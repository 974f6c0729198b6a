import { ExecutorProcess } from '../../tests/support/executor-process.ts'
import { waitFor } from '../../tests/support/wait-for.ts'
import type { BenchContext } from './bench-case.ts'

/**
 * A real executor process that is up; killed at the end of the case if it still runs then.
 *
 * @param launcher a command in front, see `ExecutorProcess.start`
 */
export async function startBenchExecutor(
  id: string,
  { addresses }: { readonly addresses: { readonly redis: string } },
  { profiles, atEnd }: BenchContext,
  launcher: readonly string[] = [],
): Promise<ExecutorProcess> {
  const profile = profiles === null ? '' : `--cpu-prof --cpu-prof-dir=${profiles}`
  const env = {
    MILLRACE_LOG_LEVEL: 'info',
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${profile}`.trim(),
  }
  const executor = ExecutorProcess.start(id, addresses.redis, env, launcher)
  atEnd(() => executor.kill())
  await waitFor(`executor ${id} is up`, () => executor.output.includes('executor is up'))
  return executor
}
