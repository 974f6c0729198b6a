import { Autocomplete } from '@mantine/core'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'
import { TYPE_NAMES } from '../type-names.ts'

/** A type: chosen from the usual ones, or typed. */
export function TypeControl(props: ControlProps) {
  const { spec, value, onChange } = props
  return (
    <Autocomplete
      {...inputProps(props)}
      placeholder={spec.hint.placeholder}
      data={[...TYPE_NAMES]}
      filter={({ options }) => options}
      comboboxProps={{ width: 180, position: 'bottom-start' }}
      value={textOf(value)}
      onChange={(text) => onChange(emptied(spec, text))}
    />
  )
}
