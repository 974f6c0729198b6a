import { EditorView } from '@codemirror/view'
import { act, screen } from '@testing-library/react'

/** The code editor with this label, once its chunk is there. */
export async function expressionInput(label: string): Promise<EditorView> {
  const view = EditorView.findFromDOM(await screen.findByLabelText(label))
  if (view === null) throw new Error(`${label} is no code editor`)
  return view
}

/** Replaces the text of a code editor as if it was typed, with the caret at its end. */
export function typeExpression(view: EditorView, text: string): void {
  act(() =>
    view.dispatch({
      changes: { from: 0, to: view.state.doc.length, insert: text },
      selection: { anchor: text.length },
      userEvent: 'input.type',
    }),
  )
}
