import { setTimeout as sleep } from 'node:timers/promises'
import { isPortFree } from '@millrace/stack'
import type { BenchCase, BenchContext, Figure, Goal } from '../support/bench-case.ts'
import { startBenchServers } from '../support/bench-servers.ts'
import { type FreshClone, makeFreshClone } from '../support/start/fresh-clone.ts'
import { NpmStart } from '../support/start/npm-start.ts'

const LOOK_MS = 100
const DEADLINE_S = 900

/** What a newcomer waits for. */
export const benchCase: BenchCase = {
  method:
    'a clone of the last commit in a temporary folder, free ports, an empty data folder, package and jar caches warm; seconds from the command to the printed address and to the first order that a search in Elasticsearch finds, looked for every 100 ms; at the second start an order that was made after the command',
  columns: [{ key: 'seconds', title: 's', digits: 1 }],
  async run(bench) {
    await warmJarCache(bench)
    const clone = await makeFreshClone(bench)
    const first = await startOnce('first', { column: 'seconds', kind: 'at most', value: 240 }, clone, bench)
    const second = await startOnce('second', { column: 'seconds', kind: 'at most', value: 30 }, clone, bench)
    return [...first, ...second]
  },
}

/** The real servers once, for a moment: then their jars are there. */
async function warmJarCache(bench: BenchContext): Promise<void> {
  bench.say('making sure that the jar cache is warm')
  const undo: (() => unknown)[] = []
  try {
    await startBenchServers({ ...bench, atEnd: (step) => undo.unshift(step) })
  } finally {
    for (const step of undo) await step()
  }
}

async function startOnce(
  which: string,
  goal: Goal,
  clone: FreshClone,
  bench: BenchContext,
): Promise<Figure[]> {
  bench.say(`${which} npm start`)
  const since = which === 'first' ? 0 : Date.now()
  const start = new NpmStart(clone)
  bench.atEnd(() => start.interrupt())
  const searchable = firstOrderSearchable(clone, start, since)
  const [address, found] = await Promise.all([start.address(), searchable])
  const stopped = await start.interrupt()
  await assertAllStopped(clone)
  const spent = start.steps.reduce((sum, { seconds }) => sum + seconds, 0)
  return [
    row(`${which} start: address printed`, address, goal),
    row(`${which} start: first order searchable`, found, goal),
    row('· installation and the rest', address - spent),
    ...start.steps.map(({ title, seconds }) => row(`· ${title}`, seconds)),
    row('Ctrl-C: everything stopped', stopped),
  ]
}

function row(name: string, seconds: number, goal?: Goal): Figure {
  return { name, samples: { seconds: [seconds] }, ...(goal && { goal }) }
}

/** Seconds until a search finds an order with an event time of at least `since`, epoch ms. */
async function firstOrderSearchable({ ports }: FreshClone, start: NpmStart, since: number): Promise<number> {
  const url = `http://127.0.0.1:${ports.MILLRACE_ES_PORT}/orders/_search?size=0&terminate_after=1&q=ts:>=${since}`
  while (start.elapsed < DEADLINE_S) {
    if (await hasHits(url)) return start.elapsed
    start.assertRuns()
    await sleep(LOOK_MS)
  }
  throw new Error(`no order was searchable within ${DEADLINE_S} s`)
}

/** False also while Elasticsearch or the index is not there yet. */
async function hasHits(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url)
    if (!answer.ok) return false
    const { hits } = (await answer.json()) as { hits: { total: { value: number } } }
    return hits.total.value > 0
  } catch {
    return false
  }
}

async function assertAllStopped({ ports }: FreshClone): Promise<void> {
  for (const [variable, port] of Object.entries(ports)) {
    if (!(await isPortFree(port))) throw new Error(`after Ctrl-C something still listens on ${variable}`)
  }
}
