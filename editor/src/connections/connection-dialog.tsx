import { Button, Modal, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import type { ConnectionBody, SaveConnection } from '@millrace/contracts'
import { type FormEvent, useState } from 'react'
import { wordsOf } from '../http/api-error.ts'
import { shown, t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { type ConnectionSetting, idFrom, kindInfo } from './connection-kinds.ts'
import { useConnections, useSaveConnection } from './connection-queries.ts'
import styles from './connections.module.css'

/** What the form of a connection may be told. */
export interface ConnectionDialogProps {
  readonly kind: ConnectionBody['kind']
  /** Null for a new one. */
  readonly connection: ConnectionBody | null
  readonly onClose: () => void
}

/** Makes or changes a connection. */
export function ConnectionDialog({ kind, connection, onClose }: ConnectionDialogProps) {
  const info = kindInfo(kind)
  const { data: others = [] } = useConnections()
  const [label, setLabel] = useState(connection?.label ?? '')
  const [values, setValues] = useState<Readonly<Record<string, string>>>(connection?.settings ?? {})
  const id = connection?.id ?? idFrom(label)
  const isTaken = connection === null && others.some((other) => other.id === id)
  const save = useSaveConnection(id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(bodyOf(kind, label, info.settings, values), { onSuccess: onClose })
  }
  const isReady =
    id !== '' && !isTaken && info.settings.every(({ name, required }) => !required || values[name]?.trim())
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        connection
          ? t('Edit {label}', { label: connection.label || id })
          : t('New {title} connection', { title: info.title })
      }
    >
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label={t('Name')}
          size="md"
          data-autofocus
          maxLength={100}
          description={
            connection
              ? t('Nodes refer to it as {id}.', { id })
              : id && t('Nodes will refer to it as {id}.', { id })
          }
          error={isTaken ? t('There is a connection with this name.') : undefined}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        {info.settings.map((setting) => (
          <SettingInput
            key={setting.name}
            setting={setting}
            value={values[setting.name] ?? ''}
            isKept={connection?.secretNames.includes(setting.name) ?? false}
            onChange={(value) => setValues({ ...values, [setting.name]: value })}
          />
        ))}
        {save.error && (
          <Notice tone="err" urgent>
            {wordsOf(save.error)}
          </Notice>
        )}
        <div className={styles.buttons}>
          <Button variant="default" size="md" onClick={onClose}>
            {t('Cancel')}
          </Button>
          <Button type="submit" size="md" loading={save.isPending} disabled={!isReady}>
            {t('Save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface SettingInputProps {
  readonly setting: ConnectionSetting
  readonly value: string
  /** True where a secret is set already. */
  readonly isKept: boolean
  readonly onChange: (value: string) => void
}

function SettingInput({ setting, value, isKept, onChange }: SettingInputProps) {
  const { label, description, placeholder, secret, choices, required } = setting
  const help = t(description)
  const common = { label: t(label), description: help, size: 'md', required, withAsterisk: false } as const
  if (choices) {
    return (
      <NativeSelect
        {...common}
        data={shown(choices)}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  if (secret) {
    return (
      <PasswordInput
        {...common}
        autoComplete="off"
        placeholder={isKept ? t('Set. Leave empty to keep it') : undefined}
        description={isKept ? t('{description} A new address needs it again.', { description: help }) : help}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  return (
    <TextInput
      {...common}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** Empty settings are left out; empty secrets are kept as they are. */
function bodyOf(
  kind: ConnectionBody['kind'],
  label: string,
  settings: readonly ConnectionSetting[],
  values: Readonly<Record<string, string>>,
): SaveConnection {
  const filled = settings.flatMap(({ name, secret = false }) => {
    const value = (values[name] ?? '').trim()
    return value === '' ? [] : [{ name, value, secret }]
  })
  const of = (isSecret: boolean) =>
    Object.fromEntries(
      filled.filter(({ secret }) => secret === isSecret).map(({ name, value }) => [name, value]),
    )
  const secrets = of(true)
  return {
    kind,
    label: label.trim(),
    settings: of(false),
    ...(Object.keys(secrets).length > 0 && { secrets }),
  }
}
