import { Button, PasswordInput } from '@mantine/core'
import type { SessionBody } from '@millrace/contracts'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsOf } from '../http/api-error.ts'
import { request } from '../http/request.ts'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import styles from './sign-in.module.css'

const MIN_LENGTH = 10

/** What a password form may be told. */
export interface PasswordFormProps {
  /** True where a password is set and must be given first. */
  readonly hasPassword: boolean
  readonly onDone: (session: SessionBody) => void
  readonly onSkip?: () => void
}

/** Sets or changes the own password. */
export function PasswordForm({ hasPassword, onDone, onSkip }: PasswordFormProps) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const save = useMutation({
    mutationFn: () =>
      request<SessionBody>('/auth/password', {
        method: 'PUT',
        body: hasPassword ? { current, next } : { next },
      }),
    onSuccess: onDone,
  })
  const isShort = next.length > 0 && next.length < MIN_LENGTH
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (next.length >= MIN_LENGTH) save.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {hasPassword && (
        <PasswordInput
          label={t('Current password')}
          autoComplete="current-password"
          size="md"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
      )}
      <PasswordInput
        label={t('New password')}
        description={t('At least {MIN_LENGTH} characters. A sentence is easier to remember than signs.', {
          MIN_LENGTH,
        })}
        autoComplete="new-password"
        size="md"
        error={
          isShort ? t('{MIN_LENGTH} more characters', { MIN_LENGTH: MIN_LENGTH - next.length }) : undefined
        }
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      {save.error && (
        <Notice tone="err" urgent>
          {wordsOf(save.error)}
        </Notice>
      )}
      <div className="row">
        <Button type="submit" size="md" loading={save.isPending} disabled={next.length < MIN_LENGTH}>
          {t('Save password')}
        </Button>
        {onSkip && (
          <Button variant="subtle" size="md" onClick={onSkip}>
            {t('Not now')}
          </Button>
        )}
      </div>
    </form>
  )
}
