import { suggest } from '@millrace/expr'
import type { Catalogue, NodeDefinition } from './definition.ts'
import { editConfig } from './edit-config.ts'
import { explainMismatch, type Mismatch } from './explain-mismatch.ts'
import type { Issue, IssueFix } from './issue.ts'
import { type GraphIssueCode, issueOf } from './issue-codes.ts'
import { isLongerThan, LIMITS } from './limits.ts'
import type { GraphNode } from './model.ts'
import { didYouMean, nodeName, quote } from './words.ts'

/** A node seen by itself, apart from its neighbours. */
export interface CheckedNode {
  /** Undefined where the type is unknown. */
  readonly definition: NodeDefinition | undefined
  /** True where the version is current and the config fits, so that the definition's functions may be called. */
  readonly isUsable: boolean
  readonly issues: readonly Issue[]
}

const SETTING_CODES = {
  missing: 'missing_setting',
  unknown: 'unknown_setting',
  value: 'invalid_setting',
} as const satisfies { readonly [kind in Mismatch['kind']]: GraphIssueCode }

/** Checks a node's type, version, texts and config. */
export function checkNode(node: GraphNode, catalogue: Catalogue): CheckedNode {
  const texts = checkTexts(node)
  const definition = catalogue.get(node.type)
  if (definition === undefined)
    return { definition, isUsable: false, issues: [unknownType(node, catalogue), ...texts] }
  if (definition.version !== node.typeVersion) {
    return { definition, isUsable: false, issues: [wrongVersion(node, definition), ...texts] }
  }
  const settings = explainMismatch(definition.config, node.config).map((mismatch) =>
    wrongSetting(node, mismatch),
  )
  return { definition, isUsable: settings.length === 0, issues: [...texts, ...settings] }
}

function checkTexts(node: GraphNode): readonly Issue[] {
  return (['label', 'note'] as const)
    .filter((name) => isLongerThan(node[name], LIMITS[name]))
    .map((name) =>
      issueOf('text_too_long', node.id, `The ${name} may have at most ${LIMITS[name]} characters.`),
    )
}

function unknownType(node: GraphNode, catalogue: Catalogue): Issue {
  const types = catalogue.list().map((definition) => definition.type)
  const message = `${nodeName(node)} has the type ${quote(node.type)}, which this Millrace does not know.`
  return issueOf('unknown_node_type', node.id, message + didYouMean(suggest(node.type, types)))
}

function wrongVersion(node: GraphNode, definition: NodeDefinition): Issue {
  const versions = `version ${node.typeVersion} of ${quote(definition.title)}; this Millrace has version ${definition.version}`
  const written = `The settings of ${nodeName(node)} were written for ${versions}`
  return node.typeVersion > definition.version
    ? issueOf('newer_node', node.id, `${written}. Update Millrace to use them.`)
    : issueOf(
        'outdated_node',
        node.id,
        `${written} and could not bring them up to date. Replace the node by a new one.`,
      )
}

function wrongSetting(node: GraphNode, { kind, path, message, fix }: Mismatch): Issue {
  return issueOf(SETTING_CODES[kind], node.id, message, { path, ...(fix && settingFix(node, fix)) })
}

function settingFix(
  node: GraphNode,
  { label, edit }: NonNullable<Mismatch['fix']>,
): { fix: IssueFix } | null {
  const config = editConfig(node.config, edit)
  return config && { fix: { label, change: { kind: 'set-config', nodeId: node.id, config } } }
}
