import { TextInput } from '@mantine/core'
import { useRef } from 'react'
import { t } from '../../i18n/t.ts'
import { type ControlProps, emptied, inputProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'

/** So many fields are offered below the text. */
const OFFERED = 12

/** A text with fields in braces; a click on a field puts it where the caret is. */
export function TemplateControl(props: ControlProps) {
  const { spec, value, onChange } = props
  const input = useRef<HTMLInputElement>(null)
  const fields = useForm().fieldsAt(spec.hint.port) ?? []
  const text = textOf(value)
  const insert = (name: string) => {
    const { selectionStart, selectionEnd } = input.current ?? {}
    const from = selectionStart ?? text.length
    onChange(`${text.slice(0, from)}{${name}}${text.slice(selectionEnd ?? from)}`)
    input.current?.focus()
  }
  return (
    <>
      <TextInput
        {...inputProps(props)}
        ref={input}
        placeholder={spec.hint.placeholder}
        maxLength={spec.schema.maxLength}
        classNames={{ input: styles.mono }}
        value={text}
        onChange={(event) => onChange(emptied(spec, event.currentTarget.value))}
      />
      {fields.length > 0 && (
        <div className={styles.tokens}>
          <span className="caption">{t('Insert')}</span>
          {fields
            .filter(({ type }) => type.kind !== 'array' && type.kind !== 'struct')
            .slice(0, OFFERED)
            .map(({ name }) => (
              <button key={name} type="button" className={styles.token} onClick={() => insert(name)}>
                {name}
              </button>
            ))}
        </div>
      )}
    </>
  )
}
