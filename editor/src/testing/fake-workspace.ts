import type { PipelineGraph } from '@millrace/graph'
import { nodeTypes } from '../workspace/node-types.ts'
import { type NodeTypes, openWorkspace, type Workspace } from '../workspace/workspace.ts'

/** An open pipeline for a test; nothing of it reaches a server before a second has passed. */
export function openForTest(graph: PipelineGraph, types: NodeTypes = nodeTypes): Workspace {
  return openWorkspace({
    pipelineId: 'abcdefgh1234',
    live: null,
    draft: { graph, revision: 1, savedAt: 0, savedBy: 'Ana' },
    nodeTypes: types,
    selected: [],
  })
}
