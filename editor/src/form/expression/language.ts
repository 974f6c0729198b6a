import { LRLanguage, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { styleTags, Tag, tagHighlighter } from '@lezer/highlight'
import { expressionParser, HIGHLIGHT_NODES, type HighlightRole } from '@millrace/expr'

const ROLES = Object.entries(HIGHLIGHT_NODES) as [HighlightRole, readonly string[]][]
const TAGS = new Map(ROLES.map(([role]) => [role, Tag.define(role)]))

/** TypeScript reads the types of a referenced project as CommonJS ones, and takes the two for different. */
const parser = expressionParser as unknown as Parameters<typeof LRLanguage.define>[0]['parser']

/** The language of expressions on its own grammar; what stands in pairs is closed as it is typed. */
const expressionLanguage = LRLanguage.define({
  name: 'expression',
  parser: parser.configure({
    props: [
      styleTags(
        Object.fromEntries(ROLES.map(([role, nodes]) => [nodes.map(inherited).join(' '), tagOf(role)])),
      ),
    ],
  }),
  languageData: { closeBrackets: { brackets: ['(', '[', "'", '"'] } },
})

/** A selector of a node with the words that it is made of. */
function inherited(node: string): string {
  return `${node}/...`
}

/** The class of what has a role, which theme.ts colours. */
export const classOfRole = (role: HighlightRole) => `expr-${role}`

/** Parses expressions and marks their parts by role. */
export function expressionSupport(): Extension {
  return [
    expressionLanguage,
    syntaxHighlighting(
      tagHighlighter(ROLES.map(([role]) => ({ tag: tagOf(role), class: classOfRole(role) }))),
    ),
  ]
}

function tagOf(role: HighlightRole): Tag {
  return TAGS.get(role) as Tag
}
