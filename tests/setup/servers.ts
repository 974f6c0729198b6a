import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type StackAddresses, type StackProgress, serverNames, stackPlace, startStack } from '@millrace/stack'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Addresses of the real servers: `inject('servers')`. */
    servers: StackAddresses
  }
}

/**
 * Gives the tests of a project real servers: those that `MILLRACE_TEST_SERVERS` names (JSON with an address for
 * each), else new ones on free ports in a temporary folder, which are gone when the tests are.
 *
 * @returns what undoes it
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = givenAddresses()
  if (given) {
    project.provide('servers', given)
    return async () => undefined
  }
  const dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-test-'))
  const removeData = () => rm(dataDir, { recursive: true, force: true })
  const { cacheDir } = stackPlace(project.config.root)
  try {
    const stack = await startStack({ dataDir, cacheDir, ports: 'free', report: reportFetching })
    project.provide('servers', stack.addresses)
    return () => stack.stop().then(removeData)
  } catch (error) {
    await removeData()
    throw error
  }
}

/** Only what may take minutes is worth a line between test results. */
function reportFetching({ label, step }: StackProgress): void {
  if (step === 'installing') console.log(`${label}: fetching (first time only) …`)
}

/**
 * The addresses in `MILLRACE_TEST_SERVERS`, such as `{"kafka": "127.0.0.1:19092", …}`; undefined when it is not set.
 *
 * @throws Error when it names not all servers
 */
export function givenAddresses(env: NodeJS.ProcessEnv = process.env): StackAddresses | undefined {
  if (!env.MILLRACE_TEST_SERVERS) return undefined
  const value: unknown = JSON.parse(env.MILLRACE_TEST_SERVERS)
  const addresses = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const missing = serverNames.filter((name) => typeof addresses[name] !== 'string')
  if (missing.length > 0) throw new Error(`MILLRACE_TEST_SERVERS lacks the address of: ${missing.join(', ')}`)
  return addresses as StackAddresses
}
