import { Autocomplete } from '@mantine/core'
import { t } from '../../i18n/t.ts'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'
import { fieldPaths } from '../field-paths.ts'
import { type Form, useForm, valueAt } from '../form-context.ts'
import { FieldOption } from './field-option.tsx'

/** True where the setting stands in an entry of a list in which no other text is filled in yet. */
function isFresh(form: Form, path: readonly string[]): boolean {
  const [, index, member] = path
  const entry =
    index === undefined || member === undefined ? undefined : valueAt(form.config, path.slice(0, 2))
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return false
  return Object.entries(entry).every(([name, value]) => name !== 'as' || value === '')
}

/** A field of what flows in (or out): chosen from the list or typed. */
export function FieldControl(props: ControlProps) {
  const { spec, path, value, onChange } = props
  const form = useForm()
  const named = fieldPaths(form.fieldsAt(spec.hint.port) ?? [])
  const typeOf = new Map(named.map(({ path, type }) => [path, type]))
  return (
    <Autocomplete
      {...inputProps(props)}
      placeholder={spec.hint.placeholder ?? t('Name of a field')}
      data={named.map(({ path }) => path)}
      renderOption={({ option }) => <FieldOption name={option.value} type={typeOf.get(option.value)} />}
      limit={100}
      clearable={spec.nullable}
      value={textOf(value)}
      onChange={(text) => onChange(emptied(spec, text))}
      onOptionSubmit={(text) => {
        const field = (form.fieldsAt(spec.hint.port) ?? []).find(({ name }) => name === text)
        const entry = field && isFresh(form, path) ? form.listHelp(path)?.entryFor(field) : null
        if (entry) form.set(path.slice(0, 2), entry, { isStep: true, label: t('Add {text}', { text }) })
      }}
    />
  )
}
