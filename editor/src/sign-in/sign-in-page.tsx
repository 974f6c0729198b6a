import type { SessionBody } from '@millrace/contracts'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { wordsOf } from '../http/api-error.ts'
import { request } from '../http/request.ts'
import { useLanguage } from '../i18n/language.ts'
import { rich } from '../i18n/rich.tsx'
import { t } from '../i18n/t.ts'
import { useSession, useSessionActions } from '../session/session-query.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { PasswordForm } from './password-form.tsx'
import { returnPath } from './return-path.ts'
import styles from './sign-in.module.css'
import { SignInForm } from './sign-in-form.tsx'

/** Signing in by a one-time link, or by email and password. */
export function SignInPage() {
  useLanguage()
  useTitle(t('Sign in'))
  const [params, setParams] = useSearchParams()
  const navigate = useNavigate()
  const { data: session } = useSession()
  const { signedIn } = useSessionActions()
  const [offersPassword, setOffersPassword] = useState(false)
  const goOn = () => void navigate(returnPath(params.get('return')), { replace: true })
  const arrived = (next: SessionBody) => {
    signedIn(next)
    if (next.user.hasPassword) goOn()
    else setOffersPassword(true)
  }
  const changed = (next: SessionBody) => {
    signedIn(next)
    goOn()
  }
  const link = useMutation({
    mutationFn: (token: string) =>
      request<SessionBody>('/auth/sign-in-link', { method: 'POST', body: { token } }),
    onSuccess: arrived,
  })
  useTokenFromUrl(params.get('token'), (token) => {
    setParams((before) => without(before, 'token'), { replace: true })
    link.mutate(token)
  })
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <span className={styles.brand}>
          <Icon name="logo" size={24} />
          Millrace
        </span>
        {offersPassword && session ? (
          <>
            <h1>{t('Welcome')}</h1>
            <p className="second">
              {t('You are signed in as {email}. Set a password, so that you can come back without a link.', {
                email: session.user.email,
              })}
            </p>
            <PasswordForm hasPassword={false} onDone={changed} onSkip={goOn} />
          </>
        ) : (
          <>
            <h1>{t('Sign in')}</h1>
            {link.isPending && <p className="second">{t('Signing you in by your link.')}</p>}
            {link.error && (
              <Notice tone="err" urgent>
                {wordsOf(link.error)}
              </Notice>
            )}
            {!link.isPending && <SignInForm onSignedIn={arrived} />}
            <p className="caption">
              {rich('First visit? {code} prints a link that signs you in once.', {
                code: <code>npm start</code>,
              })}
            </p>
          </>
        )}
      </div>
    </main>
  )
}

/** Uses a token once, also where React runs effects twice. */
function useTokenFromUrl(token: string | null, use: (token: string) => void): void {
  const used = useRef<string | null>(null)
  useEffect(() => {
    if (token === null || used.current === token) return
    used.current = token
    use(token)
  })
}

function without(params: URLSearchParams, name: string): URLSearchParams {
  const rest = new URLSearchParams(params)
  rest.delete(name)
  return rest
}
