import { Menu, Modal, UnstyledButton } from '@mantine/core'
import type { SessionBody } from '@millrace/contracts'
import { useState } from 'react'
import { NavLink, Outlet, useNavigate } from 'react-router'
import { LANGUAGES, type Language, useLanguage } from '../i18n/language.ts'
import { switchLanguage } from '../i18n/switch-language.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import { useSession, useSessionActions } from '../session/session-query.ts'
import { PasswordForm } from '../sign-in/password-form.tsx'
import { APPEARANCES, type Appearance, useAppearance } from '../theme/appearance.ts'
import { tour } from '../tour/tour-store.ts'
import { TourStrip } from '../tour/tour-strip.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import styles from './app-shell.module.css'

const PAGES = [
  { to: '/pipelines', icon: 'flow', label: msg('Pipelines') },
  { to: '/templates', icon: 'grid', label: msg('Templates') },
  { to: '/connections', icon: 'plug', label: msg('Connections') },
  { to: '/system', icon: 'gear', label: msg('System') },
] as const satisfies readonly { to: string; icon: IconName; label: Message }[]

/** The frame of the pages that are lists: navigation at the left, the page at the right. */
export function AppShell() {
  useLanguage()
  return (
    <div className={styles.shell}>
      <a className="skip-link" href="#main">
        {t('Skip to the page')}
      </a>
      <aside className={styles.side} aria-label="Millrace">
        <span className={styles.brand}>
          <Icon name="logo" size={20} />
          Millrace
        </span>
        <nav className={styles.nav} aria-label={t('Main')}>
          {PAGES.map(({ to, icon, label }) => (
            <NavLink
              key={to}
              to={to}
              className={({ isActive }) => (isActive ? `${styles.link} ${styles.on}` : `${styles.link}`)}
            >
              <Icon name={icon} />
              {t(label)}
            </NavLink>
          ))}
        </nav>
        <div className={styles.foot}>
          <HelpMenu />
          <AccountMenu />
        </div>
      </aside>
      <main id="main" className={styles.main} tabIndex={-1}>
        <div className={styles.tour}>
          <TourStrip />
        </div>
        <Outlet />
      </main>
    </div>
  )
}

function HelpMenu() {
  const navigate = useNavigate()
  const takeTour = () => {
    tour.start()
    void navigate('/templates')
  }
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={styles.link ?? ''}>
          <Icon name="help" />
          {t('Help')}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={takeTour}>{t('Tour: first five minutes')}</Menu.Item>
        <Menu.Item onClick={() => void navigate('/templates')}>{t('Templates')}</Menu.Item>
        <Menu.Label>{t('Keys are listed under ? in an open pipeline.')}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}

function AccountMenu() {
  const { data: session } = useSession()
  const { signedIn, signOut } = useSessionActions()
  const [appearance, setAppearance] = useAppearance()
  const language = useLanguage()
  const [changesPassword, setChangesPassword] = useState(false)
  if (!session) return null
  const { user } = session
  const changed = (next: SessionBody) => {
    signedIn(next)
    setChangesPassword(false)
  }
  return (
    <div className={styles.account}>
      <Menu position="top-start" width={184}>
        <Menu.Target>
          <UnstyledButton className={styles.me}>
            <span className={styles.avatar} aria-hidden="true">
              {initials(user.name || user.email)}
            </span>
            <span className="grow ellipsis">{user.name || user.email}</span>
            <Icon name="down" size={12} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setChangesPassword(true)}>
            {user.hasPassword ? t('Change password') : t('Set a password')}
          </Menu.Item>
          <Menu.Item onClick={() => void signOut()}>{t('Sign out')}</Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('Appearance')}</Menu.Label>
          <Menu.RadioGroup value={appearance} onChange={(value) => setAppearance(value as Appearance)}>
            {APPEARANCES.map(({ value, label }) => (
              <Menu.RadioItem key={value} value={value}>
                {t(label)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Label>{t('Language')}</Menu.Label>
          <Menu.RadioGroup value={language} onChange={(value) => switchLanguage(value as Language)}>
            {LANGUAGES.map(({ value, name }) => (
              <Menu.RadioItem key={value} value={value} lang={value}>
                {name}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={changesPassword} onClose={() => setChangesPassword(false)} title={t('Password')}>
        <PasswordForm hasPassword={user.hasPassword} onDone={changed} />
      </Modal>
    </div>
  )
}

/** `Ada Lovelace` is `AL`, `ops@example.org` is `OP`. */
function initials(name: string): string {
  const [first = '', second = ''] = name.split(/[\s._-]+/)
  const letters = second === '' ? first.slice(0, 2) : `${first.slice(0, 1)}${second.slice(0, 1)}`
  return letters.toUpperCase()
}
