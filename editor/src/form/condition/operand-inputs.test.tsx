import type { SimpleCondition, SimpleOperand } from '@millrace/expr'
import { fireEvent, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { renderInApp } from '../../testing/render.tsx'
import type { OperandKind } from './condition-rows.ts'
import { OperandInputs } from './operand-inputs.tsx'

function show(kind: OperandKind, operator: SimpleCondition['operator'], operands: readonly SimpleOperand[]) {
  const onChange = vi.fn()
  const row = { path: ['f'], operator, operands }
  renderInApp(<OperandInputs number="1" row={row} kind={kind} onChange={onChange} />)
  return onChange
}

const input = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const noon = Date.UTC(2026, 0, 31, 12)

test('a number is typed as one, and what is none goes no further', () => {
  const onChange = show('double', '>', [{ kind: 'int64', value: 1 }])
  expect(input('Value of condition 1').inputMode).toBe('decimal')
  fireEvent.change(input('Value of condition 1'), { target: { value: '2,5' } })
  expect(screen.getByText('A number')).toBeTruthy()
  expect(onChange).not.toHaveBeenCalled()
  fireEvent.change(input('Value of condition 1'), { target: { value: '2.5' } })
  expect(onChange).toHaveBeenLastCalledWith([{ kind: 'double', value: 2.5 }])
})

test('a time is chosen as date and time in UTC, to the millisecond where it has them', () => {
  const onChange = show('timestamp', 'between', [
    { kind: 'timestamp', value: noon },
    { kind: 'timestamp', value: noon + 1 },
  ])
  const [from, to] = [input('From, condition 1, UTC'), input('To, condition 1, UTC')]
  expect([from.type, from.value, from.step]).toEqual(['datetime-local', '2026-01-31T12:00', '60'])
  expect([to.value, to.step]).toEqual(['2026-01-31T12:00:00.001', '0.001'])
  fireEvent.change(from, { target: { value: '2026-01-31T13:30' } })
  expect(onChange).toHaveBeenLastCalledWith([
    { kind: 'timestamp', value: noon + 90 * 60_000 },
    { kind: 'timestamp', value: noon + 1 },
  ])
})

test('a time that is half typed goes no further', () => {
  const onChange = show('timestamp', '<', [{ kind: 'timestamp', value: noon }])
  fireEvent.change(input('Value of condition 1, UTC'), { target: { value: '' } })
  expect(input('Value of condition 1, UTC').type).toBe('datetime-local')
  expect(onChange).not.toHaveBeenCalled()
})

test('a date that was written as text is a time as well', () => {
  show('timestamp', '<', [{ kind: 'string', value: '2026-01-31' }])
  expect(input('Value of condition 1, UTC').value).toBe('2026-01-31T00:00')
})

test('a time before the year 0 is text', () => {
  show('timestamp', '<', [{ kind: 'timestamp', value: Date.UTC(-1, 0, 1) }])
  expect(input('Value of condition 1').type).toBe('text')
})

test('true and false are chosen', () => {
  const onChange = show('boolean', '=', [{ kind: 'boolean', value: true }])
  fireEvent.click(screen.getByRole('combobox', { name: 'Value of condition 1' }))
  fireEvent.click(screen.getByRole('option', { name: 'false', hidden: true }))
  expect(onChange).toHaveBeenLastCalledWith([{ kind: 'boolean', value: false }])
})
