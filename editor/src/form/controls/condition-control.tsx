import { Input, SegmentedControl } from '@mantine/core'
import { formatSimpleConditions, parseSimpleConditions, type SimpleConditions } from '@millrace/expr'
import { useState } from 'react'
import { t } from '../../i18n/t.ts'
import { ConditionBuilder } from '../condition/condition-builder.tsx'
import { useConditionView } from '../condition/condition-view.ts'
import { type ControlProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { fieldsFor, isWithin, useForm } from '../form-context.ts'
import { ExpressionField } from './expression-field.tsx'

/** A condition in two forms of one text: rows to build it, or the expression itself. */
export function ConditionControl(props: ControlProps) {
  const { spec, path, value } = props
  const form = useForm()
  const text = textOf(value)
  const fields = fieldsFor(form, spec.hint)
  const builder = useBuilderRows(text, (next, isStep) => form.set(path, next, { isStep }))
  const { conditions } = builder
  const { view, choose } = useConditionView(conditions !== null)
  const toggle = (
    <SegmentedControl
      size="xs"
      className={styles.viewToggle}
      aria-label={t('{title}: how it is shown', { title: spec.title })}
      data={[
        { value: 'builder', label: t('Builder'), disabled: conditions === null },
        { value: 'text', label: t('Text') },
      ]}
      value={view}
      onChange={(next) => choose(next === 'text' ? 'text' : 'builder')}
    />
  )
  if (view === 'builder' && conditions !== null)
    return (
      <div>
        <div className={styles.labelRow}>
          {spec.title}
          {toggle}
        </div>
        <ConditionBuilder
          title={spec.title}
          conditions={conditions}
          fields={fields ?? []}
          onChange={builder.change}
        />
        <Input.Description mt={4}>{spec.description}</Input.Description>
      </div>
    )
  return (
    <div>
      <ExpressionField
        {...props}
        fields={fields}
        kind="condition"
        label={
          <>
            {spec.title}
            {toggle}
          </>
        }
        name={t('{title} as an expression', { title: spec.title })}
      />
      {conditions === null && (
        <p className={styles.hint}>
          {form.issues.some(({ path: at, severity }) => severity === 'error' && isWithin(at, path))
            ? t('The builder can show it once the expression is right.')
            : t('This is more than the builder can show, so it stays text.')}
        </p>
      )}
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
