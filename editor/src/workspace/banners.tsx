import { Button } from '@mantine/core'
import type { PipelineBody } from '@millrace/contracts'
import { type PipelineGraph, serializeGraph } from '@millrace/graph'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { formatMoment, formatShortClock } from '../format/times.ts'
import { wordsOf } from '../http/api-error.ts'
import { request, segment } from '../http/request.ts'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useNow } from '../ui/use-now.ts'
import type { KeptDraft } from './draft-backup.ts'
import styles from './workspace.module.css'
import { useSaving, useWorkspace } from './workspace.ts'

/** What stands between the draft and the server, and what to do about it. Nothing, most of the time. */
export function Banners() {
  const phase = useSaving((state) => state.phase)
  return (
    <div className={styles.banners}>
      {phase === 'conflict' && <ConflictBanner />}
      {phase === 'offline' && <OfflineBanner />}
      {phase === 'refused' && <RefusedBanner />}
      <KeptDraftBanner />
    </div>
  )
}

function ConflictBanner() {
  const { saver, document } = useWorkspace()
  const theirs = useSaving((state) => state.theirs)
  const copy = useSaveAsCopy()
  if (theirs === null) return null
  return (
    <Notice
      tone="warn"
      urgent
      action={
        <>
          <Button size="sm" variant="default" onClick={() => saver.takeTheirs(theirs)}>
            {t('Take theirs')}
          </Button>
          <Button size="sm" loading={copy.isPending} onClick={() => copy.mutate(document.getState().graph)}>
            {t('Keep mine as a copy')}
          </Button>
        </>
      }
    >
      {t(
        '{savedBy} saved this draft at {savedAt}, after you opened it. Your edits are not saved, and nothing is overwritten.',
        { savedBy: theirs.savedBy, savedAt: formatShortClock(theirs.savedAt) },
      )}{' '}
      {copy.error && wordsOf(copy.error)}
    </Notice>
  )
}

function OfflineBanner() {
  const { saver } = useWorkspace()
  const message = useSaving((state) => state.message)
  return (
    <Notice
      tone="warn"
      urgent
      action={
        <Button size="sm" variant="default" onClick={() => saver.retry()}>
          {t('Try now')}
        </Button>
      }
    >
      {t('{message} Your edits are kept here and are saved as soon as it works again.', { message })}
    </Notice>
  )
}

function RefusedBanner() {
  const { saver } = useWorkspace()
  const message = useSaving((state) => state.message)
  return (
    <Notice
      tone="err"
      urgent
      action={
        <Button size="sm" variant="default" onClick={() => void saver.flush()}>
          {t('Save again')}
        </Button>
      }
    >
      {t('The draft was not saved. {message}', { message })}
    </Notice>
  )
}

/** Offers edits that an earlier visit left in this browser. */
function KeptDraftBanner() {
  const { backup, saver, document } = useWorkspace()
  const now = useNow()
  const copy = useSaveAsCopy()
  const [kept, setKept] = useState<KeptDraft | null>(() => differing(backup.read(), saver.getState().saved))
  if (kept === null) return null
  const isOnSameDraft = kept.revision === saver.getState().revision
  const done = () => {
    backup.forget()
    setKept(null)
  }
  const restore = () => {
    document.replace(kept.graph)
    setKept(null)
  }
  return (
    <Notice
      tone="accent"
      action={
        <>
          <Button size="sm" variant="default" onClick={done}>
            {t('Discard')}
          </Button>
          {isOnSameDraft ? (
            <Button size="sm" onClick={restore}>
              {t('Restore')}
            </Button>
          ) : (
            <Button
              size="sm"
              loading={copy.isPending}
              onClick={() => copy.mutate(kept.graph, { onSuccess: done })}
            >
              {t('Keep as a copy')}
            </Button>
          )}
        </>
      }
    >
      {t('Edits from {keptAt} that did not reach the server were found in this browser.', {
        keptAt: formatMoment(kept.keptAt, now),
      })}
      {!isOnSameDraft && ` ${t('The draft has been saved since then, so they can only be kept as a copy.')}`}
      {copy.error && ` ${wordsOf(copy.error)}`}
    </Notice>
  )
}

function differing(kept: KeptDraft | null, saved: PipelineGraph): KeptDraft | null {
  return kept !== null && serializeGraph(kept.graph) !== serializeGraph(saved) ? kept : null
}

/** Saves a document as a new pipeline and opens that. */
function useSaveAsCopy() {
  const navigate = useNavigate()
  const { saver } = useWorkspace()
  return useMutation({
    async mutationFn(graph: PipelineGraph) {
      const name = `${graph.name} (copy)`
      const created = await request<PipelineBody>('/pipelines', { method: 'POST', body: { name } })
      const body = { graph: { ...graph, name }, revision: created.draft.revision }
      await request(`/pipelines/${segment(created.id)}/draft`, { method: 'PUT', body })
      return created.id
    },
    onSuccess(id) {
      const { theirs } = saver.getState()
      if (theirs !== null) saver.takeTheirs(theirs)
      void navigate(`/pipelines/${id}`)
    },
  })
}
