import { formatSimpleConditions, parseSimpleConditions, type SimpleConditions } from '@millrace/expr'
import { useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { ConditionBuilder } from '../condition/condition-builder.tsx'
import { type ControlProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { fieldsFor, isWithin, useForm } from '../form-context.ts'
import { ExpressionField } from './expression-field.tsx'

/** A condition in two forms of one text: rows to build it, and the expression itself. Both are shown. */
export function ConditionControl(props: ControlProps) {
  const { spec, path, value } = props
  const form = useForm()
  const text = textOf(value)
  const fields = fieldsFor(form, spec.hint)
  const builder = useBuilderRows(text, (next, isStep) => form.set(path, next, { isStep }))
  return (
    <div className={styles.form}>
      {builder.conditions === null ? (
        <p className={styles.hint}>
          {form.issues.some(({ path: at }) => isWithin(at, path))
            ? `${spec.title}: its rows are shown again once the expression is right.`
            : `${spec.title}: this is more than the builder can show, so edit it as an expression.`}
        </p>
      ) : (
        <div>
          <div className={styles.labelRow}>{spec.title}</div>
          <ConditionBuilder
            title={spec.title}
            conditions={builder.conditions}
            fields={fields ?? []}
            onChange={builder.change}
          />
        </div>
      )}
      <ExpressionField
        {...props}
        fields={fields}
        kind="condition"
        label={
          <>
            <Icon name="swap" size={14} />
            The same as an expression
          </>
        }
        name={`${spec.title} as an expression`}
      />
    </div>
  )
}

/**
 * The rows of a condition's text. Rows that were just built stay as they were built, also where their text could be read
 * in two ways: "starts with" nothing is the same text as "ends with" nothing.
 */
function useBuilderRows(text: string, commit: (text: string, isStep: boolean) => void) {
  const [built, setBuilt] = useState<{ readonly text: string; readonly conditions: SimpleConditions } | null>(
    null,
  )
  return {
    conditions: built?.text === text ? built.conditions : parseSimpleConditions(text),
    change(conditions: SimpleConditions, isStep: boolean) {
      const next = formatSimpleConditions(conditions)
      setBuilt({ text: next, conditions })
      commit(next, isStep)
    },
  }
}
