import type { Position } from '@millrace/graph'
import { t } from '../i18n/t.ts'
import { type LayoutRequest, placesOf, toElk } from './elk-graph.ts'

/** Longer than this nothing is waited for, ms. */
const LIMIT_MS = 30_000

/**
 * Finds places for nodes, in a worker that ends with the answer. ELK is loaded when it is first asked for.
 *
 * @throws Error in words where it takes too long or ELK gives up
 */
export async function layOut(
  request: LayoutRequest,
  grid: number,
): Promise<{ readonly [nodeId: string]: Position }> {
  const [{ default: Elk }, { default: workerUrl }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ])
  const worker = new Worker(workerUrl)
  const elk = new Elk({ workerFactory: () => worker })
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(t('It takes too long.'))), LIMIT_MS)
    worker.addEventListener('error', () => reject(new Error(t('The layout could not be loaded.'))))
  })
  try {
    return placesOf(await Promise.race([elk.layout(toElk(request)), tooLong]), request.graph, grid)
  } finally {
    clearTimeout(timer)
    elk.terminateWorker()
  }
}
