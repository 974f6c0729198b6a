import type { SinkConnector } from '@millrace/engine'
import type { GraphNode } from '@millrace/graph'
import type { ConnectionValues } from './connection-values.ts'
import { createElasticsearchPort } from './sinks/elasticsearch/connector.ts'
import { createElasticsearchSink } from './sinks/elasticsearch/connector-sink.ts'
import type { ElasticsearchConfig } from './sinks/elasticsearch/definition.ts'

export { createElasticsearchPort } from './sinks/elasticsearch/connector.ts'
export { createKafkaPort } from './sources/kafka/connector.ts'

type ConnectorFactory = (
  node: GraphNode,
  settings: ConnectionValues,
  secrets: ConnectionValues,
) => SinkConnector

/** Connectors of sinks outside Kafka, by node type. */
const SINK_CONNECTORS: ReadonlyMap<string, ConnectorFactory> = new Map([
  [
    'elasticsearch',
    ({ config }, settings, secrets) => {
      const port = createElasticsearchPort(settings, secrets)
      return createElasticsearchSink(port, config as unknown as ElasticsearchConfig, Date.now)
    },
  ],
])

/**
 * Makes the connector that delivers the documents of a sink node, over a connection's settings and secrets.
 *
 * @throws Error where nodes of this type have no outbox
 */
export function createSinkConnector(
  node: GraphNode,
  settings: ConnectionValues,
  secrets: ConnectionValues,
): SinkConnector {
  const create = SINK_CONNECTORS.get(node.type)
  if (create === undefined) throw new Error(`nodes of type ${node.type} deliver nothing`)
  return create(node, settings, secrets)
}
