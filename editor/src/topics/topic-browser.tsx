import { Button, Loader, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTopics } from '../connections/connection-queries.ts'
import { counted, formatCount } from '../format/numbers.ts'
import { wordsOf } from '../http/api-error.ts'
import { t } from '../i18n/t.ts'
import { useVirtualRows } from '../preview/use-virtual-rows.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './topic-browser.module.css'
import { TopicDetail, type TopicDetailProps } from './topic-detail.tsx'

const ROW_HEIGHT = 32

/** What the browser may be told. */
export interface TopicBrowserProps extends Omit<TopicDetailProps, 'topic'> {
  /** The topic that is chosen already; empty: none. */
  readonly chosen: string
}

/** The topics of a connection, and what is in them. */
export function TopicBrowser({ chosen, ...detail }: TopicBrowserProps) {
  const { connection } = detail
  const { data, error, isFetching, refetch } = useTopics(connection)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(chosen)
  const topics = (data?.topics ?? []).filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
  return (
    <div className={styles.browser}>
      <div className={styles.side}>
        <div className="row">
          <TextInput
            size="xs"
            className="grow"
            aria-label={t('Search topics')}
            placeholder={t('Search topics')}
            leftSection={<Icon name="search" size={12} />}
            rightSection={isFetching ? <Loader size={12} /> : undefined}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button
            size="xs"
            variant="default"
            aria-label={t('List the topics anew')}
            onClick={() => void refetch()}
          >
            <Icon name="replay" size={12} />
          </Button>
        </div>
        {error && (
          <Notice tone="err">{t('The topics cannot be listed: {error}', { error: wordsOf(error) })}</Notice>
        )}
        {data && (
          <p className="caption" role="status">
            {topics.length === data.topics.length
              ? counted(topics.length, 'topic')
              : t('{shown} of {topics}', {
                  shown: formatCount(topics.length),
                  topics: counted(data.topics.length, 'topic'),
                })}
          </p>
        )}
        <TopicList topics={topics} open={open} onOpen={setOpen} />
      </div>
      {open === '' ? (
        <EmptyState icon="topic" title={t('Choose a topic')}>
          {t(
            'You then see its partitions, its latest records, the fields that they have, and which of them says when an event happened. Nobody’s position moves.',
          )}
        </EmptyState>
      ) : (
        <TopicDetail key={open} topic={open} {...detail} />
      )}
    </div>
  )
}

interface TopicListProps {
  readonly topics: readonly { readonly name: string; readonly partitions: number }[]
  readonly open: string
  readonly onOpen: (topic: string) => void
}

function TopicList({ topics, open, onOpen }: TopicListProps) {
  const { from, to, above, below, onScroll } = useVirtualRows(topics.length, ROW_HEIGHT)
  return (
    <div className={styles.list} onScroll={onScroll}>
      <ul aria-label={t('Topics')}>
        <li aria-hidden="true" style={{ height: above }} />
        {topics.slice(from, to).map(({ name, partitions }) => (
          <li key={name}>
            <button
              type="button"
              className={styles.topic}
              aria-current={name === open}
              title={name}
              onClick={() => onOpen(name)}
            >
              <span className="grow ellipsis">{name}</span>
              <span className="caption num">{formatCount(partitions)}</span>
            </button>
          </li>
        ))}
        <li aria-hidden="true" style={{ height: below }} />
      </ul>
    </div>
  )
}
