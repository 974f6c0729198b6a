import { Autocomplete } from '@mantine/core'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'
import { fieldPaths } from '../field-paths.ts'
import { useForm } from '../form-context.ts'
import { FieldOption } from './field-option.tsx'

/** A field of what flows in (or out): chosen from the list or typed. */
export function FieldControl(props: ControlProps) {
  const { spec, value, onChange } = props
  const form = useForm()
  const named = fieldPaths(form.fieldsAt(spec.hint.port) ?? [])
  const typeOf = new Map(named.map(({ path, type }) => [path, type]))
  return (
    <Autocomplete
      {...inputProps(props)}
      placeholder={spec.hint.placeholder ?? 'Name of a field'}
      data={named.map(({ path }) => path)}
      renderOption={({ option }) => <FieldOption name={option.value} type={typeOf.get(option.value)} />}
      limit={100}
      clearable={spec.nullable}
      value={textOf(value)}
      onChange={(text) => onChange(emptied(spec, text))}
    />
  )
}
