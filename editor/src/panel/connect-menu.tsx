import { Menu } from '@mantine/core'
import { type Catalogue, canConnect, findNode, type PipelineGraph, type PortRef } from '@millrace/graph'
import { useBuild } from '../build/build-context.ts'
import { outputsOf } from '../workspace/edits.ts'
import { useDocument, useWorkspace } from '../workspace/workspace.ts'

interface Target {
  readonly from: PortRef
  readonly to: PortRef
  readonly label: string
}

/** Connecting without a mouse: the nodes that this node may feed. */
export function ConnectMenu({ nodeId }: { readonly nodeId: string }) {
  const { nodeTypes } = useWorkspace()
  const { actions } = useBuild()
  const graph = useDocument((state) => state.graph)
  const targets = targetsOf(graph, nodeTypes.catalogue, nodeId)
  if (targets.length === 0) return null
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Connect to</Menu.Label>
      {targets.map(({ from, to, label }) => (
        <Menu.Item key={`${from.port} ${to.node} ${to.port}`} onClick={() => actions.connect(from, to)}>
          {label}
        </Menu.Item>
      ))}
    </>
  )
}

function targetsOf(graph: PipelineGraph, catalogue: Catalogue, nodeId: string): readonly Target[] {
  const source = findNode(graph, nodeId)
  const outputs = source ? outputsOf(source, catalogue) : []
  const named = outputs.filter(({ optional }) => !optional).length > 1
  return outputs.flatMap((output) =>
    graph.nodes.flatMap((node) =>
      (catalogue.get(node.type)?.inputs ?? []).flatMap((input): readonly Target[] => {
        const from = { node: nodeId, port: output.name }
        const to = { node: node.id, port: input.name }
        if (!canConnect(graph, catalogue, from, to).ok) return []
        return [
          { from, to, label: output.optional || named ? `${node.label} (${output.label})` : node.label },
        ]
      }),
    ),
  )
}
