import { ExecutorProcess } from '../../tests/support/executor-process.ts'
import { waitFor } from '../../tests/support/wait-for.ts'
import type { BenchContext } from './bench-case.ts'
import type { BenchServers } from './bench-servers.ts'

/** A real executor process that is up; killed at the end of the case if it still runs then. */
export async function startBenchExecutor(
  id: string,
  { addresses }: BenchServers,
  { profiles, atEnd }: BenchContext,
): Promise<ExecutorProcess> {
  const profile = profiles === null ? '' : `--cpu-prof --cpu-prof-dir=${profiles}`
  const executor = ExecutorProcess.start(id, addresses.redis, {
    MILLRACE_LOG_LEVEL: 'info',
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${profile}`.trim(),
  })
  atEnd(() => executor.kill())
  await waitFor(`executor ${id} is up`, () => executor.output.includes('executor is up'))
  return executor
}
