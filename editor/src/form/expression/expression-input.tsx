import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { history, historyKeymap, standardKeymap } from '@codemirror/commands'
import { bracketMatching } from '@codemirror/language'
import { type Diagnostic, forEachDiagnostic, nextDiagnostic, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension, Transaction } from '@codemirror/state'
import { EditorView, keymap, placeholder, tooltips } from '@codemirror/view'
import type { Field, SamplesOf } from '@millrace/expr'
import { useLayoutEffect, useRef } from 'react'
import { t } from '../../i18n/t.ts'
import { expressionCompletion } from './completion.ts'
import { FIX_EVENT } from './diagnostics.ts'
import { expressionHover } from './hover.ts'
import { expressionSupport } from './language.ts'
import { expressionTheme } from './theme.ts'

/** What an expression may name. */
export interface ExpressionScope {
  /** Null while they are unknown. */
  readonly fields: readonly Field[] | null
  readonly samplesOf: SamplesOf
}

/** Reads what may be named now. */
export type ReadScope = () => ExpressionScope

/** What the input of an expression may be told. */
export interface ExpressionInputProps extends ExpressionScope {
  /** Lines end with `\n`. */
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
  readonly name: string
  readonly isWrong: boolean
  readonly describedBy: string | undefined
  readonly placeholder: string | undefined
  /** UTF-16 units; what would be longer is not taken. */
  readonly maxLength: number | undefined
  /** `isStep` for an edit that is an intent of its own: a fix, a completion, a paste. */
  readonly onChange: (text: string, isStep: boolean) => void
}

/** Changes that are not typed letter by letter. */
const STEPS = [FIX_EVENT, 'input.complete', 'input.paste', 'delete.cut', 'input.drop', 'undo', 'redo']

/** A line that grows, with colours, completion, marks of what is wrong and an undo of its own. Tab leaves it. */
export default function ExpressionInput(props: ExpressionInputProps) {
  const { text, diagnostics } = props
  const holder = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  latest.current = props
  useLayoutEffect(() => {
    if (holder.current === null) return
    const made = new EditorView({
      parent: holder.current,
      doc: latest.current.text,
      extensions: extensions(() => latest.current),
    })
    view.current = made
    return () => made.destroy()
  }, [])
  useLayoutEffect(() => {
    if (view.current !== null) replaceText(view.current, text)
  }, [text])
  // After the text, so that the places fit; label and marks are read anew with each of these updates.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the attributes are read from the latest properties
  useLayoutEffect(() => {
    const { current } = view
    const length = current?.state.doc.length ?? 0
    if (current === null) return
    const inside = diagnostics.filter(({ to }) => to <= length)
    current.dispatch(setDiagnostics(current.state, inside))
  }, [text, diagnostics, props.name, props.isWrong, props.describedBy])
  return <div ref={holder} />
}

function extensions(read: () => ExpressionInputProps): Extension {
  return [
    expressionSupport(),
    expressionTheme,
    history(),
    bracketMatching(),
    closeBrackets(),
    expressionCompletion(read),
    expressionHover(read),
    tooltips({ position: 'fixed', parent: document.body }),
    EditorView.lineWrapping,
    placeholder(read().placeholder ?? ''),
    EditorState.phrases.of({ Completions: t('What can be written here') }),
    EditorState.changeFilter.of((transaction) => isShortEnough(transaction, read().maxLength)),
    EditorView.contentAttributes.of(() => attributes(read())),
    EditorView.updateListener.of(({ docChanged, transactions, state }) => {
      if (!docChanged || transactions.some((transaction) => transaction.annotation(Transaction.remote)))
        return
      const isStep = transactions.some((transaction) => STEPS.some((event) => transaction.isUserEvent(event)))
      read().onChange(state.doc.toString(), isStep)
    }),
    keymap.of([
      { key: 'Mod-.', run: fixAtCaret },
      { key: 'F8', run: nextDiagnostic },
      ...completionKeymap,
      ...closeBracketsKeymap,
      // At the end of its history the field keeps the key: what the document takes back is not what is being typed.
      ...historyKeymap.map((binding) => ({ ...binding, preventDefault: true })),
      ...standardKeymap,
    ]),
  ]
}

function attributes({ name, isWrong, describedBy }: ExpressionInputProps): Record<string, string> {
  return {
    'aria-label': name,
    'aria-invalid': String(isWrong),
    'aria-haspopup': 'listbox',
    ...(describedBy !== undefined && { 'aria-describedby': describedBy }),
  }
}

function isShortEnough({ newDoc, startState }: Transaction, maxLength = Number.POSITIVE_INFINITY): boolean {
  return newDoc.length <= Math.max(maxLength, startState.doc.length)
}

/** Takes over a text from outside: only what differs, so that the caret stays; the field's undo leaves it alone. */
function replaceText(view: EditorView, text: string): void {
  const old = view.state.doc.toString()
  if (old === text) return
  const shorter = Math.min(old.length, text.length)
  let start = 0
  while (start < shorter && old[start] === text[start]) start++
  let end = 0
  while (end < shorter - start && old.at(-1 - end) === text.at(-1 - end)) end++
  view.dispatch({
    changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) },
    annotations: [Transaction.addToHistory.of(false), Transaction.remote.of(true)],
    filter: false,
  })
}

/** Takes the fix of what is wrong at the caret, or else the only one there is. */
function fixAtCaret(view: EditorView): boolean {
  const { head } = view.state.selection.main
  const found: { readonly from: number; readonly to: number; readonly diagnostic: Diagnostic }[] = []
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    if (diagnostic.actions?.length) found.push({ diagnostic, from, to })
  })
  const chosen =
    found.find(({ from, to }) => from <= head && head <= to) ?? (found.length === 1 ? found[0] : undefined)
  chosen?.diagnostic.actions?.[0]?.apply(view, chosen.from, chosen.to)
  return chosen !== undefined
}
