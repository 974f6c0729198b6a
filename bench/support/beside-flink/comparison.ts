import { setTimeout as sleep } from 'node:timers/promises'
import { countedInputs, type Engine, type EngineJob, type InputTopics } from './engine.ts'
import { PARTITIONS } from './events.ts'
import type { ComparedGraph } from './graphs.ts'
import { ProgressWatch, type Run } from './progress.ts'
import { ResultRows, type RowCounts } from './result-rows.ts'
import type { SharedServers } from './servers.ts'

const RESULTS_MS = 120_000
const LOOK_MS = 200

/** What one engine made of one graph in one round: figures and rows, or why there are none. */
export type Outcome = { readonly run: Run; readonly rows: RowCounts } | { readonly failure: string }

/** Runs a graph on an engine over the whole input, and reads its results. */
export async function runGraph(
  engine: Engine,
  graph: ComparedGraph,
  topics: InputTopics,
  servers: SharedServers,
  label: string,
): Promise<Outcome> {
  const results = `results-${engine.name.toLowerCase()}-${graph.id}-${label}`
  await servers.kafka.createTopic(results, PARTITIONS)
  const total = countedInputs(graph, topics).reduce((sum, { records }) => sum + records, 0)
  const rows = await ResultRows.open(servers.kafka, results, graph.columns)
  const jobs: EngineJob[] = []
  const outcome = await orFailure(engine, async () => {
    const job = await engine.run(graph, topics, results)
    jobs.push(job)
    const watch = new ProgressWatch(job, total)
    await watch.untilRead()
    const run = await finish(watch, rows, graph, { engine, total })
    return { run, rows: rows.counts }
  })
  rows.close()
  const ended = await orFailure(engine, async () => {
    for (const job of jobs) await job.stop()
    await servers.port.deleteTopics([results])
    return outcome
  })
  return 'failure' in outcome ? outcome : ended
}

/** What goes wrong with one graph stops no other one. */
async function orFailure({ name }: Engine, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    return { failure: `${name}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** Reads the results to the last row; where they come after the input was committed, that is part of the work. */
async function finish(
  watch: ProgressWatch,
  rows: ResultRows,
  graph: ComparedGraph,
  { engine, total }: { readonly engine: Engine; readonly total: number },
): Promise<Run> {
  const deadline = performance.now() + RESULTS_MS
  await rows.readOn()
  while (!rows.complete) {
    if (performance.now() > deadline)
      throw new Error(`the last rows did not come within ${RESULTS_MS / 1000} s`)
    await sleep(LOOK_MS)
    await rows.readOn()
  }
  return watch.run(engine.name === 'Millrace' && graph.spreadAnew ? watch.read(total) : null)
}
