import { Button, SegmentedControl, TextInput } from '@mantine/core'
import type { Template } from '@millrace/contracts'
import { useState } from 'react'
import { PageError } from '../errors/page-error.tsx'
import { useLanguage } from '../i18n/language.ts'
import { msg, shown, t } from '../i18n/t.ts'
import { PageHeader } from '../shell/page-header.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { useTemplates } from './pipeline-queries.ts'
import styles from './pipelines.module.css'
import { TemplateCards } from './templates.tsx'

const TOPICS = [
  { value: 'all', label: msg('All') },
  { value: 'search', label: msg('Search') },
  { value: 'count', label: msg('Count') },
  { value: 'detect', label: msg('Detect') },
  { value: 'join', label: msg('Join') },
] as const

type Topic = (typeof TOPICS)[number]['value']

/** Pipelines that work as they are, to begin with, and the empty canvas beside them. */
export function TemplatesPage() {
  useLanguage()
  const { data: templates, error, refetch } = useTemplates()
  const [topic, setTopic] = useState<Topic>('all')
  const [search, setSearch] = useState('')
  const [isBlank, setBlank] = useState(false)
  if (error && templates === undefined) return <PageError error={error} onRetry={() => void refetch()} />
  const keeps = (template: Template) => isAbout(template, topic) && matches(template, search)
  return (
    <>
      <PageHeader
        title={t('Templates')}
        summary={t('Pipelines that work as they are. Make one yours by choosing your topics in it.')}
        actions={
          <Button
            size="md"
            variant="default"
            leftSection={<Icon name="plus" />}
            onClick={() => setBlank(true)}
          >
            {t('Empty canvas')}
          </Button>
        }
      />
      <div className={styles.filters}>
        <TextInput
          aria-label={t('Search templates')}
          placeholder={t('What do you want to know?')}
          size="md"
          leftSection={<Icon name="search" />}
          className={styles.search}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t('Which templates')}
          value={topic}
          onChange={(value) => setTopic(value as Topic)}
          data={shown(TOPICS)}
        />
      </div>
      <TemplateCards keeps={keeps} />
      {templates && !templates.some(keeps) && (
        <div className="card">
          <EmptyState
            icon="search"
            title={t('No template fits')}
            action={<Button onClick={() => setBlank(true)}>{t('Empty canvas')}</Button>}
          >
            {t(
              'Search for something else, or begin with an empty canvas: choose a topic there, and Millrace proposes its fields from the events in it.',
            )}
          </EmptyState>
        </div>
      )}
      {isBlank && <CreateDialog template={null} onClose={() => setBlank(false)} />}
    </>
  )
}

function isAbout({ topics }: Template, topic: Topic): boolean {
  return topic === 'all' || topics.includes(topic)
}

function matches({ name, summary, teaches, graph }: Template, search: string): boolean {
  const words = [name, summary, teaches, ...graph.nodes.map(({ type }) => type)].join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word))
}
