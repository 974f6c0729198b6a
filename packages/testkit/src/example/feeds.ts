import type { NodeDefinition, StreamSchema } from '@millrace/graph'
import type { Example, ExampleStream } from './example.ts'
import { schemaOf } from './read-values.ts'

/** A stream of an example that flows into its node. */
export interface Feed {
  /** What steps call it; null for the only one. */
  readonly name: string | null
  /** The input port at which it arrives. */
  readonly port: string
  /** Id of the node that feeds rows and ticks. */
  readonly feedId: string
  /** Id of the node that holds the ticks back. */
  readonly gateId: string
  readonly stream: ExampleStream
  readonly schema: StreamSchema
}

/** The streams that flow into the node of an example; none for a source. */
export function feedsOf(
  { input, inputs }: Example,
  { kind, inputs: ports }: NodeDefinition,
): readonly Feed[] {
  if (kind === 'source') return []
  if (inputs === undefined) {
    const stream = input ?? { fields: {} }
    const port = ports[0]?.name ?? ''
    return [{ name: null, port, feedId: 'feed', gateId: 'gate', stream, schema: schemaOf(stream) }]
  }
  if (input !== undefined) throw new Error('the example has both an input and inputs')
  return Object.entries(inputs).map(([name, { port = name, ...stream }]) => {
    if (!ports.some((known) => known.name === port)) throw new Error(`the node has no input ${port}`)
    return { name, port, feedId: `feed-${name}`, gateId: `gate-${name}`, stream, schema: schemaOf(stream) }
  })
}

/** The feed that something in an example belongs to. */
export function feedNamed(feeds: readonly Feed[], name: string | undefined): Feed {
  const feed = feeds.find((candidate) => candidate.name === (name ?? null))
  if (feed !== undefined) return feed
  throw new Error(
    name === undefined ? 'the example does not say to which input' : `no input is called ${name}`,
  )
}
