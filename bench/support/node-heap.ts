import { spawnSync } from 'node:child_process'
import path from 'node:path'
import type { RawRecord } from '@millrace/engine'
import { benchEvent } from './bench-events.ts'
import { type BenchNode, nodeTask } from './node-task.ts'

/** Megabytes of heap that a node holds for a million users with one event each, measured with so many. */
export function nodeHeap(node: BenchNode, users: number): number {
  const program = path.join(import.meta.dirname, 'measure-node-heap.ts')
  const args = ['--expose-gc', '--max-old-space-size=8000', program, JSON.stringify(node), String(users)]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}

/** The same in this process, which must have been started with `--expose-gc`. */
export async function measureNodeHeap(node: BenchNode, users: number): Promise<number> {
  const runtime = nodeTask(node, () => {})
  const before = heapNow()
  const utf8 = new TextEncoder()
  for (let from = 0; from < users; from += 1_000) {
    const chunk = Array.from({ length: Math.min(1_000, users - from) }, (_, at): RawRecord => {
      const order = JSON.parse(benchEvent(from + at).value) as Record<string, unknown>
      const value = utf8.encode(JSON.stringify({ ...order, userId: `u-${from + at}`, ts: 1_700_000_000_000 }))
      return { topic: 'events', partition: 0, offset: from + at, timestamp: 0, key: null, value }
    })
    runtime.acceptSource(0, chunk, 0, null)
    await runtime.run()
    for (const state of runtime.states.values()) state.takeChanges()
  }
  return ((heapNow() - before) / users) * 1e6
}

function heapNow(): number {
  for (let i = 0; i < 3; i++) (globalThis as { gc?: () => void }).gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}
