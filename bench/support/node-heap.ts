import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { type BenchNode, nodeTask } from './node-task.ts'
import { orderRecord } from './order-records.ts'
import { workThrough } from './whole-task.ts'

/** Megabytes of heap that a node holds for a million users with one event each, measured with so many. */
export function nodeHeap(node: BenchNode, users: number): number {
  const program = path.join(import.meta.dirname, 'measure-node-heap.ts')
  const args = ['--expose-gc', '--max-old-space-size=8000', program, JSON.stringify(node), String(users)]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}

const EVENT_TIME = 1_700_000_000_000

/** The same in this process, which must have been started with `--expose-gc`. */
export async function measureNodeHeap(node: BenchNode, users: number): Promise<number> {
  const runtime = nodeTask(node, () => {})
  const before = heapNow()
  for (let from = 0; from < users; from += 1_000) {
    const chunk = Array.from({ length: Math.min(1_000, users - from) }, (_, at) =>
      orderRecord(from + at, `u-${from + at}`, EVENT_TIME),
    )
    await workThrough(runtime, 0, chunk)
    for (const state of runtime.states.values()) state.takeChanges()
  }
  const held = heapNow() - before
  // What nobody looks at any more is collected before it is measured.
  if (runtime.states.size === 0) throw new Error('the node keeps no state')
  return (held / users) * 1e6
}

function heapNow(): number {
  for (let i = 0; i < 3; i++) (globalThis as { gc?: () => void }).gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}
