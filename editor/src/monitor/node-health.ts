import type { Health } from '../canvas/overview.tsx'
import type { Moment } from './live-store.ts'

/** How a running node is: failing where it needs somebody or makes dead letters, waiting where it goes on by itself. */
export function nodeHealth({ nodes, frame }: Moment, nodeId: string): Health {
  const problems = frame.problems.filter((problem) => problem.nodeId === nodeId)
  const node = nodes.get(nodeId)
  if (problems.some(({ resumes }) => !resumes) || (node?.errorRate ?? 0) > 0) return 'failing'
  if (problems.length > 0) return 'waiting'
  return node !== undefined && node.inRate + node.outRate > 0 ? 'active' : 'idle'
}
