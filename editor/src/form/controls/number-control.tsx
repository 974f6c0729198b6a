import { NumberInput } from '@mantine/core'
import { type ControlProps, inputProps } from '../control-props.ts'
import { useTypedNumber } from '../use-typed-number.ts'

/** A number. Bounds are not forced on what is typed: what is out of them is said below the field. */
export function NumberControl(props: ControlProps) {
  const { spec, value, onChange } = props
  const typed = useTypedNumber(
    typeof value === 'number' ? value : null,
    (next) => onChange(next ?? (spec.nullable ? null : undefined)),
    spec.nullable || spec.optional,
  )
  return (
    <NumberInput
      {...inputProps(props)}
      placeholder={spec.hint.placeholder}
      allowDecimal={spec.schema.type !== 'integer'}
      min={spec.schema.minimum}
      max={spec.schema.maximum}
      clampBehavior="none"
      value={typed.text}
      onChange={typed.type}
    />
  )
}
