import { suggest } from '@millrace/expr'
import type { GraphChange } from './change.ts'
import type { CheckedNode } from './check-node.ts'
import type { NodeDefinition, PortDefinition } from './definition.ts'
import type { GraphIndex } from './graph-index.ts'
import type { Issue } from './issue.ts'
import { issueOf } from './issue-codes.ts'
import type { GraphEdge, GraphNode } from './model.ts'
import { openOutputs } from './open-outputs.ts'
import { edgeKey } from './serialize-graph.ts'
import { didYouMean, nodeName, quote } from './words.ts'

type End = 'from' | 'to'

/**
 * Checks the edges at a node's ports. Says nothing of a node whose type is unknown, nor of outputs that settings choose
 * while these do not fit.
 */
export function checkPorts(
  node: GraphNode,
  checked: ReadonlyMap<string, CheckedNode>,
  index: GraphIndex,
): readonly Issue[] {
  const { definition, isUsable = false } = checked.get(node.id) ?? {}
  if (definition === undefined) return []
  const incoming = index.incoming.get(node.id) ?? []
  const outgoing = index.outgoing.get(node.id) ?? []
  return [
    ...checkPortNames(node, incoming, 'to', definition.inputs),
    ...checkPortNames(node, outgoing, 'from', definition.outputs),
    ...checkInputs(node, incoming, definition.inputs),
    ...(isUsable || !definition.openOutputs ? checkOutputs(node, outgoing, definition, index) : []),
  ]
}

function checkPortNames(
  node: GraphNode,
  edges: readonly GraphEdge[],
  end: End,
  ports: readonly PortDefinition[],
): readonly Issue[] {
  const names = ports.map((port) => port.name)
  return edges
    .filter((edge) => !names.includes(edge[end].port))
    .map((edge) => unknownPort(node, edge, end, names))
}

function unknownPort(node: GraphNode, edge: GraphEdge, end: End, names: readonly string[]): Issue {
  const { port } = edge[end]
  const likely = suggest(port, names)
  const kind = end === 'to' ? 'input' : 'output'
  const message = `${nodeName(node)} has no ${kind} called ${quote(port)}.${didYouMean(likely)}`
  const remove: GraphChange = { kind: 'remove-edge', edgeId: edge.id }
  if (likely === null) {
    return issueOf('unknown_port', node.id, message, {
      fix: { label: 'Remove the connection', change: remove },
    })
  }
  const add: GraphChange = { kind: 'add-edge', edge: { ...edge, [end]: { ...edge[end], port: likely } } }
  const change: GraphChange = { kind: 'batch', changes: [remove, add] }
  return issueOf('unknown_port', node.id, message, { fix: { label: `Connect to ${quote(likely)}`, change } })
}

function checkInputs(
  node: GraphNode,
  incoming: readonly GraphEdge[],
  inputs: readonly PortDefinition[],
): readonly Issue[] {
  const edgesByPort = Map.groupBy(incoming, (edge) => edge.to.port)
  return inputs.flatMap((port) => {
    const edges = edgesByPort.get(port.name) ?? []
    if (edges.length === 0) return port.optional ? [] : [unconnectedInput(node, port, inputs)]
    const doubled = doubledEdges(edges).map((edge) => duplicateConnection(node, edge))
    const distinct = edges.length - doubled.length
    return port.edges !== 'many' && distinct > 1
      ? [...doubled, portTaken(node, port, inputs, distinct)]
      : doubled
  })
}

function checkOutputs(
  node: GraphNode,
  outgoing: readonly GraphEdge[],
  definition: NodeDefinition,
  index: GraphIndex,
): readonly Issue[] {
  const open = openOutputs(definition, node)
  const connected = new Set(outgoing.map((edge) => edge.from.port))
  const mends = definition.openOutputs
    ? 'connect it, or take it out of the settings'
    : 'connect it or remove the node'
  const idle = open
    .filter((port) => !port.optional && !connected.has(port.name))
    .map((port) => {
      const message = `Nothing takes what comes out of ${portName(node, port, open)}: ${mends}.`
      return issueOf('output_unconnected', node.id, message)
    })
  const closed = outgoing.filter(
    ({ from: { port } }) => isNamed(definition.outputs, port) && !isNamed(open, port),
  )
  return [...idle, ...closed.map((edge) => closedPort(node, edge, index))]
}

function isNamed(ports: readonly PortDefinition[], name: string): boolean {
  return ports.some((port) => port.name === name)
}

function closedPort(node: GraphNode, edge: GraphEdge, { nodes }: GraphIndex): Issue {
  const target = nodes.get(edge.to.node)
  const where = target ? ` to ${nodeName(target)}` : ''
  const message = `The connection${where} begins at an output that the settings of ${nodeName(node)} do not have any more.`
  const change = { kind: 'remove-edge', edgeId: edge.id } as const
  return issueOf('closed_port', node.id, message, { fix: { label: 'Remove the connection', change } })
}

function unconnectedInput(node: GraphNode, port: PortDefinition, inputs: readonly PortDefinition[]): Issue {
  return issueOf(
    'input_unconnected',
    node.id,
    `Nothing flows into ${portName(node, port, inputs)}: connect a node to it.`,
  )
}

function portTaken(
  node: GraphNode,
  port: PortDefinition,
  inputs: readonly PortDefinition[],
  count: number,
): Issue {
  const message = `${count} connections end at ${portName(node, port, inputs)}, which takes one: remove the others.`
  return issueOf('port_taken', node.id, message)
}

function duplicateConnection(node: GraphNode, edge: GraphEdge): Issue {
  const message = `${nodeName(node)} is connected twice to the same output: every event would come twice.`
  const change = { kind: 'remove-edge', edgeId: edge.id } as const
  return issueOf('duplicate_connection', node.id, message, {
    fix: { label: 'Remove the second connection', change },
  })
}

function doubledEdges(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const seen = new Set<string>()
  return edges.filter((edge) => seen.size === seen.add(edgeKey(edge)).size)
}

/** The node's name, with the port's where the node has several. */
function portName(node: GraphNode, port: PortDefinition, ports: readonly PortDefinition[]): string {
  return ports.length > 1 ? `${quote(port.label)} of ${nodeName(node)}` : nodeName(node)
}
