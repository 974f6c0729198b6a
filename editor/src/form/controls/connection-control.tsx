import { Select } from '@mantine/core'
import { Link } from 'react-router'
import { rich } from '../../i18n/rich.tsx'
import { t } from '../../i18n/t.ts'
import { type ControlProps, inputProps, textOf } from '../control-props.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'

/** A connection of the kind that the node needs. */
export function ConnectionControl(props: ControlProps) {
  const { spec, value, onChange } = props
  const { connections } = useForm()
  const chosen = textOf(value)
  const fitting = connections.filter(({ kind }) => kind === spec.hint.connection)
  const options = fitting.map(({ id, label }) => ({ value: id, label: label === '' ? id : label }))
  const isUnknown = chosen !== '' && !fitting.some(({ id }) => id === chosen)
  return (
    <>
      <Select
        {...inputProps(props)}
        data={
          isUnknown
            ? [...options, { value: chosen, label: t('{chosen} (does not exist)', { chosen }) }]
            : options
        }
        placeholder={fitting.length === 0 ? t('There is none yet') : t('Choose a connection')}
        allowDeselect={false}
        value={chosen === '' ? null : chosen}
        onChange={(next) => onChange(next ?? '')}
      />
      {fitting.length === 0 && (
        <p className={styles.hint}>
          {rich('{link} first: this node needs one to {connection}.', {
            link: <Link to="/connections">{t('Add a connection')}</Link>,
            connection: spec.hint.connection,
          })}
        </p>
      )}
    </>
  )
}
