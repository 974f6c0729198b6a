import { syntaxTree } from '@codemirror/language'
import type { EditorState, Extension } from '@codemirror/state'
import { hoverTooltip } from '@codemirror/view'
import { type Completion, completions } from '@millrace/expr'
import type { ReadScope } from './expression-input.tsx'
import { helpElement } from './help.ts'

const KINDS = new Map<string, Completion['kind']>([
  ['FunctionName', 'function'],
  ['Field', 'field'],
  ['MemberName', 'field'],
  ['LambdaParameter', 'field'],
])

/** What a function does, or what a field holds, while the pointer rests on it. */
export function expressionHover(scope: ReadScope): Extension {
  return hoverTooltip((view, position, side) => {
    const found = explainedAt(view.state, position, side, scope)
    const help = found && helpElement(found.option)
    return help && { pos: found.from, end: found.to, above: true, create: () => ({ dom: help }) }
  })
}

/** The function or field at a place of the text. */
export function explainedAt(
  state: EditorState,
  position: number,
  side: -1 | 1,
  scope: ReadScope,
): { readonly from: number; readonly to: number; readonly option: Completion } | null {
  let node: ReturnType<ReturnType<typeof syntaxTree>['resolveInner']> | null = syntaxTree(state).resolveInner(
    position,
    side,
  )
  while (node !== null && !KINDS.has(node.name)) node = node.parent
  if (node === null) return null
  const { from, to, name } = node
  const { fields, samplesOf } = scope()
  const written = state.sliceDoc(from, to)
  const options = completions(state.doc.toString(), to, fields ?? [], samplesOf)?.options ?? []
  const option = options.find(
    ({ kind, insert, label }) =>
      kind === KINDS.get(name) &&
      (kind === 'function' ? label === written.toLowerCase() : insert === written || label === written),
  )
  return option === undefined ? null : { from, to, option }
}
