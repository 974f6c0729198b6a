import { ActionIcon, Button, Menu } from '@mantine/core'
import type { ConnectionBody } from '@millrace/contracts'
import { useState } from 'react'
import { PageError } from '../errors/page-error.tsx'
import { formatAgo } from '../format/times.ts'
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
  const { data: connections, error, refetch } = useConnections()
  const [edited, setEdited] = useState<Edited | null>(null)
  const [deleted, setDeleted] = useState<ConnectionBody | null>(null)
  if (error && connections === undefined) return <PageError error={error} onRetry={() => void refetch()} />
  return (
    <>
      <PageHeader
        title="Connections"
        summary="Servers that pipelines read from and write to. Secrets can be written, never read back."
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
          <EmptyState icon="plug" title="No connection yet">
            A pipeline needs a Kafka connection to read from. Add one, check it, and choose it in the source
            of your pipeline.
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
          New connection
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(CONNECTION_KINDS).map(([kind, { title, summary }]) => (
          <Menu.Item key={kind} onClick={() => onChoose(kind as Kind)}>
            <span className="strong">{title}</span>
            <div className="caption">{summary}</div>
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
            {kindInfo(kind).title} · id <span className="mono">{id}</span> · changed{' '}
            {formatAgo(updatedAt, now)}
          </div>
        </div>
        <ActionIcon variant="subtle" size="sm" aria-label={`Delete ${label || id}`} onClick={onDelete}>
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
            <dd>set, not shown</dd>
          </div>
        ))}
      </dl>
      <div className={styles.actions}>
        <CheckButton id={id} />
        <Button size="sm" variant="default" onClick={onEdit}>
          Edit
        </Button>
      </div>
    </section>
  )
}

function labelOf(kind: Kind, name: string): string {
  return kindInfo(kind).settings.find((setting) => setting.name === name)?.label ?? name
}
