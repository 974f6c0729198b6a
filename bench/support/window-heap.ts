import { spawnSync } from 'node:child_process'
import path from 'node:path'
import type { RawRecord } from '@millrace/engine'
import type { NodeConfig } from '@millrace/graph'
import { benchEvent } from './bench-events.ts'
import { windowTask } from './window-task.ts'

/** Megabytes of heap that a window holds for a million groups with one event each, measured with so many. */
export function windowHeap(config: NodeConfig, groups: number): number {
  const program = path.join(import.meta.dirname, 'measure-window-heap.ts')
  const args = ['--expose-gc', '--max-old-space-size=8000', program, JSON.stringify(config), String(groups)]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}

/** The same in this process, which must have been started with `--expose-gc`. */
export async function measureWindowHeap(config: NodeConfig, groups: number): Promise<number> {
  const runtime = windowTask(config, () => {})
  const before = heapNow()
  const utf8 = new TextEncoder()
  for (let from = 0; from < groups; from += 1_000) {
    const chunk = Array.from({ length: Math.min(1_000, groups - from) }, (_, at): RawRecord => {
      const order = JSON.parse(benchEvent(from + at).value) as Record<string, unknown>
      const value = utf8.encode(JSON.stringify({ ...order, userId: `u-${from + at}`, ts: 1_700_000_000_000 }))
      return { topic: 'events', partition: 0, offset: from + at, timestamp: 0, key: null, value }
    })
    runtime.acceptSource(0, chunk, 0, null)
    await runtime.run()
    for (const state of runtime.states.values()) state.takeChanges()
  }
  return ((heapNow() - before) / groups) * 1e6
}

function heapNow(): number {
  for (let i = 0; i < 3; i++) (globalThis as { gc?: () => void }).gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}
