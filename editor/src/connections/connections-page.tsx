import { ActionIcon, Button, Menu } from '@mantine/core'
import type { ConnectionBody } from '@millrace/contracts'
import { useState } from 'react'
import { PageError } from '../errors/page-error.tsx'
import { formatAgo } from '../format/times.ts'
import { useLanguage } from '../i18n/language.ts'
import { t } from '../i18n/t.ts'
import { PageHeader } from '../shell/page-header.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { useNow } from '../ui/use-now.ts'
import { CheckButton } from './check-button.tsx'
import { ConnectionDialog } from './connection-dialog.tsx'
import { CONNECTION_KINDS, kindInfo } from './connection-kinds.ts'
import { useConnections } from './connection-queries.ts'
import styles from './connections.module.css'
import { DeleteConnectionDialog } from './delete-connection-dialog.tsx'

type Kind = ConnectionBody['kind']
type Edited = { readonly kind: Kind; readonly connection: ConnectionBody | null }

/** The servers that pipelines read from and write to. */
export function ConnectionsPage() {
  useLanguage()
  const { data: connections, error, refetch } = useConnections()
  const [edited, setEdited] = useState<Edited | null>(null)
  const [deleted, setDeleted] = useState<ConnectionBody | null>(null)
  if (error && connections === undefined) return <PageError error={error} onRetry={() => void refetch()} />
  return (
    <>
      <PageHeader
        title={t('Connections')}
        summary={t('Servers that pipelines read from and write to. Secrets can be written, never read back.')}
        actions={<NewButton onChoose={(kind) => setEdited({ kind, connection: null })} />}
      />
      {connections && (
        <div className={styles.grid}>
          {connections.map((connection) => (
            <ConnectionCard
              key={connection.id}
              connection={connection}
              onEdit={() => setEdited({ kind: connection.kind, connection })}
              onDelete={() => setDeleted(connection)}
            />
          ))}
        </div>
      )}
      {connections?.length === 0 && (
        <div className="card">
          <EmptyState icon="plug" title={t('No connection yet')}>
            {t(
              'A pipeline needs a Kafka connection to read from. Add one, check it, and choose it in the source of your pipeline.',
            )}
          </EmptyState>
        </div>
      )}
      {edited && <ConnectionDialog {...edited} onClose={() => setEdited(null)} />}
      {deleted && <DeleteConnectionDialog connection={deleted} onClose={() => setDeleted(null)} />}
    </>
  )
}

function NewButton({ onChoose }: { readonly onChoose: (kind: Kind) => void }) {
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button size="md" leftSection={<Icon name="plus" />}>
          {t('New connection')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(CONNECTION_KINDS).map(([kind, { title, summary }]) => (
          <Menu.Item key={kind} onClick={() => onChoose(kind as Kind)}>
            <span className="strong">{title}</span>
            <div className="caption">{t(summary)}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

interface ConnectionCardProps {
  readonly connection: ConnectionBody
  readonly onEdit: () => void
  readonly onDelete: () => void
}

function ConnectionCard({ connection, onEdit, onDelete }: ConnectionCardProps) {
  const { id, kind, label, settings, secretNames, updatedAt } = connection
  const now = useNow()
  return (
    <section className={`card ${styles.card}`} aria-label={label || id}>
      <div className="row">
        <div className="grow">
          <h2 className="ellipsis">{label || id}</h2>
          <div className="caption">
            {t('{title} · id', { title: kindInfo(kind).title })} <span className="mono">{id}</span>{' '}
            {t('· changed {updatedAt}', { updatedAt: formatAgo(updatedAt, now) })}
          </div>
        </div>
        <ActionIcon
          variant="subtle"
          size="sm"
          aria-label={t('Delete {label}', { label: label || id })}
          onClick={onDelete}
        >
          <Icon name="x" />
        </ActionIcon>
      </div>
      <dl className={styles.facts}>
        {Object.entries(settings).map(([name, value]) => (
          <div key={name}>
            <dt>{labelOf(kind, name)}</dt>
            <dd className="mono">{value}</dd>
          </div>
        ))}
        {secretNames.map((name) => (
          <div key={name}>
            <dt>{labelOf(kind, name)}</dt>
            <dd>{t('set, not shown')}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.actions}>
        <CheckButton id={id} />
        <Button size="sm" variant="default" onClick={onEdit}>
          {t('Edit')}
        </Button>
      </div>
    </section>
  )
}

function labelOf(kind: Kind, name: string): string {
  const setting = kindInfo(kind).settings.find((one) => one.name === name)
  return setting === undefined ? name : t(setting.label)
}
