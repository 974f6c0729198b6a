import type { ControlProps } from '../control-props.ts'
import { fieldsFor, useForm } from '../form-context.ts'
import { ExpressionField } from './expression-field.tsx'

/** An expression over the fields that flow in. */
export function ExpressionControl(props: ControlProps) {
  const { spec } = props
  return (
    <ExpressionField
      {...props}
      fields={fieldsFor(useForm(), spec.hint)}
      kind="expression"
      label={spec.title}
      name={spec.title}
    />
  )
}
