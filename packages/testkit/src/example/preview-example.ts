import { type NodePreview, type RawRecord, runPreview } from '@millrace/engine'
import { positionOf } from './drive-example.ts'
import { momentsOf } from './feed-records.ts'
import { failuresOf, type Outcome } from './outcome.ts'
import { resultPorts } from './output-ports.ts'
import { NODE_ID, type PreparedExample } from './prepare-example.ts'
import { timeOf } from './read-values.ts'

/** Runs an example as the preview does. */
export async function previewExample(prepared: PreparedExample): Promise<Outcome> {
  const { example, graph, catalogue, runtimes, feeds, referenceId } = prepared
  const moments = momentsOf(prepared, 1)
  const recordsOf = (nodeId: string): RawRecord[] =>
    moments.flatMap(({ records }) => records.flatMap((fed) => (fed.nodeId === nodeId ? [fed.record] : [])))
  const sources = feeds.length === 0 ? [NODE_ID] : feeds.map(({ feedId }) => feedId)
  const input = {
    graph,
    samples: new Map(sources.map((id) => [id, recordsOf(id)])),
    references: new Map(feeds.length === 0 ? [] : [[NODE_ID, recordsOf(referenceId)]]),
    closeWindows: false,
    generatorStart: example.events ? timeOf(example.events.start) : 0,
  }
  const preview = (await runPreview(input, catalogue, runtimes)).get(NODE_ID)
  if (preview === undefined) throw new Error('the preview left the node out')
  return outcomeOf(preview, prepared, (letter) => positionOf(letter, moments))
}

function outcomeOf(
  { in: rows, out, dropped, late, errors, counts }: NodePreview,
  { definition, feeds, ports }: PreparedExample,
  position: Parameters<typeof failuresOf>[1],
): Outcome {
  const isSource = definition.kind === 'source'
  const isAppendOnly = feeds.every(({ schema }) => !schema.updates)
  if (!isSource && isAppendOnly && rows.flat().length !== counts.in) throw new Error('the preview lost rows')
  return {
    outputs: Object.fromEntries(
      resultPorts(ports).map((port) => {
        const rows = out[definition.outputs.findIndex(({ name }) => name === port)] ?? []
        return [port, rows.filter(({ deleted }) => !deleted)]
      }),
    ),
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
