import {
  autocompletion,
  type Completion as CodeCompletion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
} from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import { type Completion, completions } from '@millrace/expr'
import type { ReadScope } from './expression-input.tsx'
import { detailOf, helpElement } from './help.ts'
import { suggestionsAt } from './suggestions.ts'

/** Offers fields, values and functions while an expression is typed, or at Ctrl+Space. */
export function expressionCompletion(scope: ReadScope): Extension {
  return autocompletion({
    override: [(context) => complete(context, scope)],
    icons: false,
    interactionDelay: 0,
    addToOptions: [],
  })
}

/** What can be written at the caret. */
export function complete(
  { state, pos, explicit }: CompletionContext,
  scope: ReadScope,
): CompletionResult | null {
  const text = state.doc.toString()
  const { fields, samplesOf } = scope()
  const found = suggestionsAt(text, pos, completions(text, pos, fields ?? [], samplesOf), explicit)
  return (
    found && { from: found.from, to: found.to, filter: false, options: found.options.map(codeCompletion) }
  )
}

function codeCompletion(option: Completion): CodeCompletion {
  return {
    label: option.label,
    detail: detailOf(option),
    type: option.kind,
    info: () => helpElement(option),
    apply: (view, completion, from, to) => apply(view, completion, option, { from, to }),
  }
}

/** Writes what was chosen; of a function with its parentheses, with the caret within them. */
function apply(
  view: EditorView,
  completion: CodeCompletion,
  option: Completion,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  const isCall = option.kind === 'function'
  const isOpen = isCall && view.state.sliceDoc(to, to + 1) === '('
  const insert = isOpen ? option.label : isCall ? `${option.insert})` : option.insert
  const takesNothing = isCall && option.doc.signatures.every((signature) => signature.includes('()'))
  const caret = from + insert.length + (isOpen ? 1 : isCall && !takesNothing ? -1 : 0)
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: caret },
    annotations: pickedCompletion.of(completion),
    userEvent: 'input.complete',
    scrollIntoView: true,
  })
}
