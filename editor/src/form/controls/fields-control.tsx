import { TagsInput } from '@mantine/core'
import { t } from '../../i18n/t.ts'
import { type ControlProps, inputProps } from '../control-props.ts'
import { useForm } from '../form-context.ts'
import { FieldOption } from './field-option.tsx'

/** Several fields of what flows in (or out). */
export function FieldsControl(props: ControlProps) {
  const { spec, value, onChange } = props
  const fields = useForm().fieldsAt(spec.hint.port) ?? []
  const typeOf = new Map(fields.map(({ name, type }) => [name, type.kind]))
  const chosen = Array.isArray(value) ? value.map(String) : []
  return (
    <TagsInput
      {...inputProps(props)}
      placeholder={chosen.length === 0 ? (spec.hint.placeholder ?? t('Names of fields')) : undefined}
      data={fields.map(({ name }) => name)}
      renderOption={({ option }) => <FieldOption name={option.value} type={typeOf.get(option.value)} />}
      maxTags={spec.schema.maxItems}
      acceptValueOnBlur
      value={chosen}
      onChange={onChange}
    />
  )
}
