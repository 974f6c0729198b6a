import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { Search, SearchResult } from '@millrace/contracts'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { counted, formatCount } from '../format/numbers.ts'
import { wordsOf } from '../http/api-error.ts'
import { request, segment } from '../http/request.ts'
import { msg, t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { JsonText } from '../ui/json-text.tsx'
import { Notice } from '../ui/notice.tsx'
import { useFacts, useWorkspace } from '../workspace/workspace.ts'
import styles from './look-inside.module.css'

const MINUTE = 60_000
const RANGES = [
  { value: '', label: msg('Any time'), ms: null },
  { value: '15m', label: msg('Last 15 minutes'), ms: 15 * MINUTE },
  { value: '1h', label: msg('Last hour'), ms: 60 * MINUTE },
  { value: '24h', label: msg('Last 24 hours'), ms: 24 * 60 * MINUTE },
  { value: '7d', label: msg('Last 7 days'), ms: 7 * 24 * 60 * MINUTE },
] as const

const SIZE = 20

/** The documents behind a sink: a query, a time range, the newest that match. */
export function LookInside({ nodeId }: { readonly nodeId: string }) {
  const { pipelineId } = useWorkspace()
  const isLive = useFacts(({ live }) => live?.graph.nodes.some(({ id }) => id === nodeId) ?? false)
  const [query, setQuery] = useState('')
  const [range, setRange] = useState('')
  const search = useMutation({
    mutationFn: (body: Search) =>
      request<SearchResult>(`/pipelines/${segment(pipelineId)}/nodes/${segment(nodeId)}/search`, {
        method: 'POST',
        body,
      }),
  })
  const ask = (chosen: string) => {
    const ms = RANGES.find(({ value }) => value === chosen)?.ms ?? null
    search.mutate({ query, size: SIZE, ...(ms !== null && { from: Date.now() - ms }) })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: shows the newest documents once, when it is opened
  useEffect(() => {
    if (isLive) ask('')
  }, [nodeId, isLive])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask(range)
  }
  if (!isLive) {
    return (
      <EmptyState icon="index" title={t('Nothing to look into yet')}>
        {t('This sink has not been published. Once it runs, its documents can be searched here.')}
      </EmptyState>
    )
  }
  return (
    <div className={styles.look}>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          size="sm"
          aria-label={t('Query')}
          placeholder="region:US-WEST total:>100"
          maxLength={500}
          className="grow"
          leftSection={<Icon name="search" size={14} />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <NativeSelect
          size="sm"
          aria-label={t('Time range')}
          data={RANGES.map(({ value, label }) => ({ value, label: t(label) }))}
          value={range}
          onChange={(event) => {
            setRange(event.currentTarget.value)
            ask(event.currentTarget.value)
          }}
        />
        <Button type="submit" size="sm" loading={search.isPending}>
          {t('Search')}
        </Button>
      </form>
      {search.error && (
        <Notice tone="err" urgent>
          {wordsOf(search.error)}
        </Notice>
      )}
      {search.data && <Found result={search.data} />}
    </div>
  )
}

function Found({ result }: { readonly result: SearchResult }) {
  const { total, more, tookMs, documents } = result
  if (documents.length === 0) {
    return (
      <EmptyState icon="search" title={t('No document found')}>
        {t('Nothing matches. Documents can be found about as soon as the refresh interval of the sink says.')}
      </EmptyState>
    )
  }
  return (
    <>
      <p className="caption" role="status">
        {more
          ? t('More than {documents} in {tookMs} ms, the newest first', {
              documents: counted(total, 'document'),
              tookMs: formatCount(tookMs),
            })
          : t('{documents} in {tookMs} ms, the newest first', {
              documents: counted(total, 'document'),
              tookMs: formatCount(tookMs),
            })}
      </p>
      <ol className={styles.documents}>
        {documents.map(({ index, id, source }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a masked id is no name of its own
          <li key={i} className={styles.document}>
            <div className="row">
              <span className="mono strong grow ellipsis" title={id}>
                {id}
              </span>
              <span className="caption ellipsis">{index}</span>
            </div>
            <JsonText text={source} />
          </li>
        ))}
      </ol>
    </>
  )
}
