import { Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Navigate, Outlet, useLocation } from 'react-router'
import { PageError } from '../errors/page-error.tsx'
import { t } from '../i18n/t.ts'
import { SignInForm } from '../sign-in/sign-in-form.tsx'
import { useSession, useSessionActions } from './session-query.ts'

/**
 * Lets through who is signed in. At the first visit the others are led to the sign-in page and back; where a session
 * ends while a page is open, the page stays as it is under a sign-in dialog, so that nothing is lost.
 */
export function RequireSession() {
  const { data: session, error, refetch } = useSession()
  const { signedIn } = useSessionActions()
  const location = useLocation()
  const [wasSignedIn, setWasSignedIn] = useState(false)
  useEffect(() => {
    if (session) setWasSignedIn(true)
  }, [session])
  if (session === undefined) {
    return error ? (
      <PageError error={error} onRetry={() => void refetch()} />
    ) : (
      <p className="visually-hidden">{t('Loading')}</p>
    )
  }
  if (session === null && !wasSignedIn) {
    const from = `${location.pathname}${location.search}`
    return <Navigate to={`/sign-in?${new URLSearchParams({ return: from })}`} replace />
  }
  return (
    <>
      <Outlet />
      <Modal
        opened={session === null}
        onClose={() => {}}
        withCloseButton={false}
        closeOnEscape={false}
        closeOnClickOutside={false}
        title={t('Your session has ended')}
      >
        <p className="second" style={{ marginBottom: 16 }}>
          {t('Sign in again to go on. What you were doing is still here.')}
        </p>
        <SignInForm onSignedIn={signedIn} />
      </Modal>
    </>
  )
}
