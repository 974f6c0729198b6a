import { Check } from 'typebox/value'
import type { NodeDefinition, PortDefinition } from './definition.ts'
import type { GraphNode } from './model.ts'

/** What tells which ports of a node are open. */
type Configured = Pick<GraphNode, 'config' | 'typeVersion'>

/**
 * The output ports of a node that are open under its config, in the order and with the labels that it gives them: all
 * of the definition's where the type does not choose, or the config does not fit. Everybody who looks at the outputs of
 * a node asks here; only the engine counts ports by their place in the definition.
 */
export function openOutputs(definition: NodeDefinition, node: Configured): readonly PortDefinition[] {
  const { openOutputs: choose, outputs, config, version } = definition
  const fits = choose !== undefined && node.typeVersion === version && Check(config, node.config)
  return fits ? choose(node.config) : outputs
}

/** True for a port that the type has and this config closes: nothing comes out of it. */
export function isClosedOutput(definition: NodeDefinition, node: Configured, port: string): boolean {
  const isNamed = ({ name }: PortDefinition) => name === port
  return definition.outputs.some(isNamed) && !openOutputs(definition, node).some(isNamed)
}
