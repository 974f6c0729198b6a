import { parentPort, workerData } from 'node:worker_threads'
import { runPipelineTest } from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'

// Runs in a thread of its own, which is ended when it takes too long: what a test holds is up to its author.
const graph = workerData as PipelineGraph
for (const test of graph.tests?.cases ?? []) {
  parentPort?.postMessage(await runPipelineTest(graph, test, catalogue, runtimes))
}
