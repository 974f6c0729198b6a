import { TextInput } from '@mantine/core'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'

/** A text of one line. */
export function TextControl(props: ControlProps) {
  const { spec, value, onChange } = props
  return (
    <TextInput
      {...inputProps(props)}
      placeholder={spec.hint.placeholder}
      maxLength={spec.schema.maxLength}
      value={textOf(value)}
      onChange={(event) => onChange(emptied(spec, event.currentTarget.value))}
    />
  )
}
