import { catalogue, nodeHelp, runtimes } from '@millrace/nodes'
import type { NodeTypes } from './workspace.ts'

/** The node types that Millrace ships. */
export const nodeTypes: NodeTypes = { catalogue, runtimes, help: nodeHelp }
