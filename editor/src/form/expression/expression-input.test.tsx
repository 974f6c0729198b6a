import {
  acceptCompletion,
  completionStatus,
  currentCompletions,
  startCompletion,
} from '@codemirror/autocomplete'
import { undo } from '@codemirror/commands'
import { forEachDiagnostic } from '@codemirror/lint'
import { type EditorView, runScopeHandlers } from '@codemirror/view'
import { scalar, structOf } from '@millrace/expr'
import { act, screen, waitFor } from '@testing-library/react'
import { useMemo, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { expressionInput, typeExpression } from '../../testing/expression-input.ts'
import { renderInApp } from '../../testing/render.tsx'
import { checkExpression, diagnosticsOf } from './diagnostics.ts'
import ExpressionInput from './expression-input.tsx'
import { helpElement } from './help.ts'
import { explainedAt } from './hover.ts'

const fields = [
  { name: 'userId', type: scalar('string') },
  { name: 'total', type: scalar('double') },
  { name: 'address', type: structOf([{ name: 'zip code', type: scalar('int64') }]) },
]
const samplesOf = ([name]: readonly string[]) => (name === 'total' ? [12.5, 3] : [])

/** Shows an input that keeps what is typed; `set` changes the text from outside. */
async function show(first: string, maxLength?: number) {
  const onChange = vi.fn()
  let set: (text: string) => void = () => {}
  function Holder() {
    const [text, setText] = useState(first)
    set = setText
    const diagnostics = useMemo(() => diagnosticsOf(checkExpression(text, fields, 'condition')), [text])
    return (
      <ExpressionInput
        text={text}
        fields={fields}
        samplesOf={samplesOf}
        diagnostics={diagnostics}
        name="Condition"
        isWrong={diagnostics.some(({ severity }) => severity === 'error')}
        describedBy="what-is-wrong"
        placeholder="total > 100"
        maxLength={maxLength}
        onChange={(next, isStep) => {
          onChange(next, isStep)
          setText(next)
        }}
      />
    )
  }
  renderInApp(<Holder />)
  const view = await expressionInput('Condition')
  return { view, onChange, set: (text: string) => act(() => set(text)) }
}

function marks(view: EditorView) {
  const found: string[] = []
  forEachDiagnostic(view.state, ({ severity, actions = [] }, from, to) =>
    found.push([severity, view.state.sliceDoc(from, to), ...actions.map(({ name }) => name)].join(' | ')),
  )
  return found
}

const press = (view: EditorView, init: KeyboardEventInit) =>
  runScopeHandlers(view, new KeyboardEvent('keydown', init), 'editor')

async function suggest(view: EditorView): Promise<readonly string[]> {
  act(() => void startCompletion(view))
  await waitFor(() => expect(completionStatus(view.state)).toBe('active'))
  return currentCompletions(view.state).map(({ label, detail }) => `${label} ${detail}`)
}

describe('the input of an expression', () => {
  test('has a name, says that it is wrong, and where that is described', async () => {
    const { view } = await show('totl > 1')
    const box = screen.getByRole('textbox', { name: 'Condition' })
    expect(box.getAttribute('aria-invalid')).toBe('true')
    expect(box.getAttribute('aria-describedby')).toBe('what-is-wrong')
    typeExpression(view, 'total > 1')
    expect(box.getAttribute('aria-invalid')).toBe('false')
  })

  test('marks the parts of the text by their role', async () => {
    const { view } = await show("lower(userId) = 'x' and total > 1")
    const roleOf = (text: string) =>
      [...view.contentDOM.querySelectorAll('span')].find((span) => span.textContent === text)?.className
    expect(['lower', 'userId', "'x'", 'and', '1'].map((text) => roleOf(text))).toEqual([
      'expr-function',
      'expr-field',
      'expr-string',
      'expr-keyword',
      'expr-number',
    ])
  })

  test('hands on what is typed, and tells an intent of its own from letters', async () => {
    const { view, onChange } = await show('')
    typeExpression(view, 'total > 1')
    expect(onChange).toHaveBeenLastCalledWith('total > 1', false)
    act(() => view.dispatch({ changes: { from: 9, insert: '0' }, userEvent: 'input.paste' }))
    expect(onChange).toHaveBeenLastCalledWith('total > 10', true)
  })

  test('takes over a text from outside without telling of it, and leaves it out of its own undo', async () => {
    const { view, onChange, set } = await show('total > 1')
    act(() => view.dispatch({ changes: { from: 9, insert: '2' }, userEvent: 'input.type' }))
    onChange.mockClear()
    set('total >= 12')
    expect(view.state.doc.toString()).toBe('total >= 12')
    expect(onChange).not.toHaveBeenCalled()
    act(() => void undo(view))
    expect(view.state.doc.toString()).toBe('total >= 1')
  })

  test('does not grow beyond what the setting takes', async () => {
    const { view, onChange } = await show('total', 8)
    typeExpression(view, 'total > 100')
    expect(view.state.doc.toString()).toBe('total')
    expect(onChange).not.toHaveBeenCalled()
  })

  test('leaves Tab to the page, and keeps undo to itself', async () => {
    const { view } = await show('total > 1')
    expect(press(view, { key: 'Tab', code: 'Tab' })).toBe(false)
    expect(press(view, { key: 'z', code: 'KeyZ', keyCode: 90, ctrlKey: true } as KeyboardEventInit)).toBe(
      true,
    )
  })
})

describe('completion', () => {
  test('shows fields with type and values of the sample, and functions with their signature', async () => {
    const { view } = await show('')
    const found = await suggest(view)
    expect(found.slice(0, 3)).toEqual([
      'userId string',
      'total double · 12.5 · 3.0',
      'address struct<"zip code" int64>',
    ])
    expect(found).toContain('lower (string) → string')
  })

  test('writes a function with its parentheses and stays within them', async () => {
    const { view, onChange } = await show('')
    typeExpression(view, 'low')
    await suggest(view)
    act(() => void acceptCompletion(view))
    expect(view.state.doc.toString()).toBe('lower()')
    expect(view.state.selection.main.head).toBe(6)
    expect(onChange).toHaveBeenLastCalledWith('lower()', true)
  })

  test('quotes a member whose name needs it', async () => {
    const { view } = await show('')
    typeExpression(view, 'address.z')
    await suggest(view)
    act(() => void acceptCompletion(view))
    expect(view.state.doc.toString()).toBe('address."zip code"')
  })
})

describe('what is wrong', () => {
  test('is marked at its place, with what mends it', async () => {
    const { view, onChange } = await show('')
    typeExpression(view, 'totl > 1')
    expect(marks(view)).toEqual(['error | totl | Change to total'])
    expect(press(view, { key: '.', code: 'Period', ctrlKey: true })).toBe(true)
    await waitFor(() => expect(onChange).toHaveBeenLastCalledWith('total > 1', true))
    expect(marks(view)).toEqual([])
  })

  test('is doubtful only where nulls do what is hardly meant', async () => {
    const { view } = await show('total <> 1')
    expect(marks(view)).toEqual([expect.stringMatching(/^warning \| total <> 1 \| /)])
  })

  test('is not said of an empty text, or while fields are unknown', () => {
    expect(diagnosticsOf(checkExpression(' ', fields, 'condition'))).toEqual([])
    expect(diagnosticsOf(checkExpression('totl', null, 'condition'))).toEqual([])
  })
})

describe('help', () => {
  test.each([
    ['lower(userId) = userId', 2, /lower\(string\) → string.*lower case/is],
    ['total > 1', 1, /total {2}double.*In the sample: 12.5, 3.0/s],
    ['address."zip code" = 1', 12, /"zip code" {2}int64/],
  ])('at %s', async (text, at, words) => {
    const { view } = await show(text)
    const found = explainedAt(view.state, at, 1, () => ({ fields, samplesOf }))
    expect(found && helpElement(found.option)?.textContent).toMatch(words)
  })

  test('is none for keywords and what is not there', async () => {
    const { view } = await show('totl > 1 and true')
    const scope = () => ({ fields, samplesOf })
    expect(explainedAt(view.state, 1, 1, scope)).toBeNull()
    expect(explainedAt(view.state, 10, 1, scope)).toBeNull()
  })
})
