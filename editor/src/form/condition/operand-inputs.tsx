import { Select, TagsInput, TextInput } from '@mantine/core'
import type { SimpleCondition, SimpleOperand } from '@millrace/expr'
import { useState } from 'react'
import { t } from '../../i18n/t.ts'
import styles from '../form.module.css'
import { isNumber, lookOf, type OperandKind, operandText, readOperand } from './condition-rows.ts'

/** What the values of a row may be told. */
export interface OperandInputsProps {
  readonly number: string
  readonly row: SimpleCondition
  readonly kind: OperandKind
  readonly onChange: (operands: readonly SimpleOperand[]) => void
}

const BOOLEANS = ['true', 'false']

/** The values that a row compares with: none, one, two or a list. */
export function OperandInputs({ number, row, kind, onChange }: OperandInputsProps) {
  const label = t('Value of condition {number}', { number })
  switch (lookOf(row.operator).operands) {
    case 'none':
      return <span />
    case 'many':
      return <ManyOperands label={label} row={row} kind={kind} onChange={onChange} />
    case 'two':
      return (
        <div className={styles.pair}>
          {[t('From'), t('To')].map((end, i) => (
            <OneOperand
              key={end}
              label={t('{end}, condition {number}', { end, number })}
              operand={row.operands[i]}
              kind={kind}
              onChange={(operand) => onChange(row.operands.with(i, operand))}
            />
          ))}
        </div>
      )
    default:
      return (
        <OneOperand
          label={label}
          operand={row.operands[0]}
          kind={kind}
          onChange={(operand) => onChange([operand])}
        />
      )
  }
}

interface OneOperandProps {
  readonly label: string
  readonly operand: SimpleOperand | undefined
  readonly kind: OperandKind
  readonly onChange: (operand: SimpleOperand) => void
}

function OneOperand({ label, operand, kind, onChange }: OneOperandProps) {
  const meant = operand === undefined ? '' : operandText(operand)
  const [typed, setTyped] = useState<{ readonly text: string; readonly meant: string } | null>(null)
  const text = typed !== null && typed.meant === meant ? typed.text : meant
  const isUnread = readOperand(text, kind) === null
  const type = (next: string) => {
    const read = readOperand(next, kind)
    setTyped({ text: next, meant: read === null ? meant : operandText(read) })
    if (read !== null) onChange(read)
  }
  if (kind === 'boolean') {
    return (
      <Select
        size="sm"
        aria-label={label}
        data={BOOLEANS}
        allowDeselect={false}
        value={text}
        onChange={(next) => next && type(next)}
      />
    )
  }
  const date = kind === 'timestamp' ? dateInput(meant) : null
  return (
    <TextInput
      size="sm"
      aria-label={date === null ? label : t('{label}, UTC', { label })}
      error={isUnread ? unreadWords(kind) : undefined}
      {...(isNumber(kind) && { inputMode: 'decimal' })}
      {...(date && { type: 'datetime-local', step: date.step })}
      value={date === null ? text : (dateInput(text)?.value ?? '')}
      onChange={(event) => type(date ? utc(event.currentTarget.value) : event.currentTarget.value)}
    />
  )
}

/** A time of the years that the browser's own input takes: to the minute where that says it all. */
function dateInput(text: string): { readonly step: number; readonly value: string } | null {
  const read = readOperand(text, 'timestamp')
  const [, minute, rest] = /^(\d{4}-.*T\d\d:\d\d)(:.*)Z$/.exec(read === null ? '' : operandText(read)) ?? []
  if (minute === undefined || rest === undefined) return null
  return rest === ':00.000' ? { step: 60, value: minute } : { step: 0.001, value: minute + rest }
}

/** What the browser's input gives, which has no zone. */
function utc(local: string): string {
  return local === '' ? '' : `${local}Z`
}

function unreadWords(kind: OperandKind): string {
  return kind === 'timestamp' ? t('As 2026-01-31T14:00:00Z') : 'A number'
}

function ManyOperands({
  label,
  row,
  kind,
  onChange,
}: Omit<OperandInputsProps, 'number'> & { readonly label: string }) {
  const change = (texts: readonly string[]) => {
    const read = texts.flatMap((text) => readOperand(text, kind) ?? [])
    if (read.length > 0) onChange(read)
  }
  return (
    <TagsInput
      size="sm"
      aria-label={label}
      acceptValueOnBlur
      allowDuplicates={false}
      value={row.operands.map(operandText)}
      onChange={change}
    />
  )
}
