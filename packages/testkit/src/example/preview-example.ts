import { type NodePreview, type RawRecord, runPreview } from '@millrace/engine'
import { positionOf } from './drive-example.ts'
import { momentsOf } from './feed-records.ts'
import { failuresOf, type Outcome } from './outcome.ts'
import { FEED_ID, NODE_ID, type PreparedExample } from './prepare-example.ts'
import { timeOf } from './read-values.ts'

/** Runs an example as the preview does. */
export async function previewExample(prepared: PreparedExample): Promise<Outcome> {
  const { example, graph, catalogue, runtimes, definition } = prepared
  const moments = momentsOf(example, 1)
  const recordsOf = (nodeId: string): RawRecord[] =>
    moments.flatMap(({ records }) => records.flatMap((fed) => (fed.nodeId === nodeId ? [fed.record] : [])))
  const source = definition.kind === 'source' ? NODE_ID : FEED_ID
  const input = {
    graph,
    samples: new Map([[source, recordsOf(source)]]),
    references: new Map(source === NODE_ID ? [] : [[NODE_ID, recordsOf(NODE_ID)]]),
    closeWindows: false,
    generatorStart: example.events ? timeOf(example.events.start) : 0,
  }
  const preview = (await runPreview(input, catalogue, runtimes)).get(NODE_ID)
  if (preview === undefined) throw new Error('the preview left the node out')
  return outcomeOf(preview, prepared, (letter) => positionOf(letter, moments))
}

function outcomeOf(
  { in: rows, out, dropped, late, errors, counts }: NodePreview,
  { definition, input }: PreparedExample,
  position: Parameters<typeof failuresOf>[1],
): Outcome {
  const isSource = definition.kind === 'source'
  if (!isSource && !input?.updates && rows[0]?.length !== counts.in) throw new Error('the preview lost rows')
  return {
    output: (out[0] ?? []).filter(({ deleted }) => !deleted),
    late,
    dropped,
    errors: failuresOf(errors, position),
    counters: {
      ...(!isSource && { in: counts.in }),
      ...{ out: counts.out, filtered: counts.dropped, late: counts.late, errors: counts.errors },
    },
    messages: null,
    documents: null,
  }
}
