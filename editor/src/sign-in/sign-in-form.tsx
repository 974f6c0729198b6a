import { Button, PasswordInput, TextInput } from '@mantine/core'
import type { SessionBody } from '@millrace/contracts'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsOf } from '../http/api-error.ts'
import { request } from '../http/request.ts'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import styles from './sign-in.module.css'

/** Email and password. */
export function SignInForm({ onSignedIn }: { readonly onSignedIn: (session: SessionBody) => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => request<SessionBody>('/auth/sign-in', { method: 'POST', body: { email, password } }),
    onSuccess: onSignedIn,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label={t('Email')}
        type="email"
        autoComplete="username"
        required
        size="md"
        withAsterisk={false}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('Password')}
        autoComplete="current-password"
        required
        size="md"
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {signIn.error && (
        <Notice tone="err" urgent>
          {wordsOf(signIn.error)}
        </Notice>
      )}
      <Button type="submit" size="md" loading={signIn.isPending}>
        {t('Sign in')}
      </Button>
    </form>
  )
}
