import { formatSimpleConditions, parseSimpleConditions } from '@millrace/expr'
import { Icon } from '../../ui/icon.tsx'
import { ConditionBuilder } from '../condition/condition-builder.tsx'
import { type ControlProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { ExpressionField } from './expression-field.tsx'

/** A condition in two forms of one text: rows to build it, and the expression itself. Both are shown. */
export function ConditionControl(props: ControlProps) {
  const { spec, path, value } = props
  const form = useForm()
  const text = textOf(value)
  const fields = form.fieldsAt(spec.hint.port)
  const conditions = parseSimpleConditions(text)
  return (
    <div className={styles.form}>
      {conditions === null ? (
        <p className={styles.hint}>
          {spec.title}: this is more than the builder can show, so edit it as an expression.
        </p>
      ) : (
        <div>
          <div className={styles.labelRow}>{spec.title}</div>
          <ConditionBuilder
            title={spec.title}
            conditions={conditions}
            fields={fields ?? []}
            onChange={(next, isStep) => form.set(path, formatSimpleConditions(next), { isStep })}
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
