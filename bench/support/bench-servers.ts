import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type StackAddresses, stackPlace, startStack } from '@millrace/stack'

/** The four servers on free ports, in a folder of their own, for one bench. */
export async function benchServers(): Promise<{ addresses: StackAddresses; stop(): Promise<void> }> {
  const root = path.join(import.meta.dirname, '../..')
  const dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'))
  const stack = await startStack({ dataDir, cacheDir: stackPlace(root).cacheDir, ports: 'free' })
  const stop = async () => {
    await stack.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { addresses: stack.addresses, stop }
}
