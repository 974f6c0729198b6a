import {
  type GraphEdge,
  type GraphNode,
  type InputDefinition,
  type NodeDefinition,
  ownMember,
} from '@millrace/graph'
import type { KeyedReference, TopicSourceRuntime } from '../operator.ts'
import type { Program, ProgramNode } from './program.ts'
import { inputName, type StageInput } from './stage-plan.ts'

const SUFFIX = '/reference'

/** Id of the source that reads the keyed reference topic of a node. No node of a graph has such an id. */
export function referenceSourceId(nodeId: string): string {
  return nodeId + SUFFIX
}

/** The node of the graph to which a source belongs: itself, or the one whose reference topic it reads. */
export function ownerOf(sourceId: string): string {
  return sourceId.endsWith(SUFFIX) ? sourceId.slice(0, -SUFFIX.length) : sourceId
}

/** True for the id of a source that reads a keyed reference topic. */
export function isReferenceSource(sourceId: string): boolean {
  return sourceId.endsWith(SUFFIX)
}

/** The generation in which the state of a node began. */
export function birthOf(nodeId: string, births: Births): number {
  return ownMember(births, nodeId) ?? 0
}

type Births = { readonly [nodeId: string]: number }

/**
 * A name for the progress of an input. That of a keyed reference is bound to the state which holds its rows: where that
 * begins anew, the topic must be read anew.
 */
export function progressName(input: StageInput, births: Births): string {
  const name = inputName(input)
  if (input.kind !== 'source' || !isReferenceSource(input.nodeId)) return name
  return `${name}@${birthOf(ownerOf(input.nodeId), births)}`
}

const INPUT: InputDefinition = {
  name: 'reference',
  label: 'Reference',
  updates: { refused: 'versions are told by their records alone' },
}

/** True for a repartition input that brings the rows of a keyed reference to the node which holds them. */
export function bringsReference(input: StageInput, program: Program): boolean {
  if (input.kind !== 'repartition' || input.port !== INPUT.name) return false
  return program.node(input.nodeId).reference !== null
}

/**
 * A node with a keyed reference as the planner sees it: a source of its own for the topic, and a node with one more
 * input, which the source feeds.
 */
export function withReferenceSource(program: ProgramNode, reference: KeyedReference): readonly ProgramNode[] {
  const { node, definition, inputs, incoming } = program
  const source: GraphNode = { ...node, id: referenceSourceId(node.id) }
  const edge: GraphEdge = {
    id: source.id,
    from: { node: source.id, port: 'out' },
    to: { node: node.id, port: INPUT.name },
  }
  return [
    {
      ...{
        node: source,
        definition: sourceDefinition(definition),
        runtime: sourceRuntime(node.type, reference),
      },
      ...{ inputs: [], outputs: [reference.schema], incoming: [], outgoing: [edge] },
      reference: null,
    },
    {
      ...program,
      definition: { ...definition, inputs: [...definition.inputs, INPUT] },
      inputs: [...inputs, reference.schema],
      incoming: [...incoming, edge],
      reference: { input: inputs.length, isAwaited: reference.time.untilRead === true },
    },
  ]
}

function sourceDefinition(definition: NodeDefinition): NodeDefinition {
  return { ...definition, kind: 'source', inputs: [], outputs: [{ name: 'out', label: 'Versions' }] }
}

/** Which topic it is stands in the deployment, under the id of the node. */
function sourceRuntime(type: string, { time, createDecoder }: KeyedReference): TopicSourceRuntime<never> {
  return {
    role: 'topic-source',
    type,
    topic: () => {
      throw new Error('the topic of a keyed reference is that of its node')
    },
    time: () => time,
    createDecoder,
  }
}
