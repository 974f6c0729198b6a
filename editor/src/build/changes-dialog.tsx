import { Button, Modal } from '@mantine/core'
import { findNode } from '@millrace/graph'
import { formatShortClock } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { type DiffRow, describeDiff } from '../publish/describe-diff.ts'
import { DiffTable } from '../publish/diff-table.tsx'
import { useDocument, useFacts, useSaving, useView, useWorkspace } from '../workspace/workspace.ts'
import styles from './covers.module.css'

/** What the marks stand for, field by field: what is not saved yet, and what is not published yet. */
export function ChangesDialog() {
  const { view, saver, nodeTypes } = useWorkspace()
  const nodeId = useView(({ changesOf }) => changesOf)
  const graph = useDocument((state) => state.graph)
  const saved = useSaving((state) => state.saved)
  const savedAt = useSaving((state) => state.savedAt)
  const live = useFacts((facts) => facts.live)
  const label = nodeId === null ? null : (findNode(graph, nodeId)?.label ?? nodeId)
  const close = () => view.setState({ cover: null, changesOf: null })
  const show = (id: string) => {
    close()
    if (findNode(graph, id)) view.reveal(id)
  }
  const rowsSince = (before: typeof graph) =>
    describeDiff(before, graph, nodeTypes.catalogue).rows.filter((row) => isAbout(row, nodeId))
  const unsaved = rowsSince(saved)
  const unpublished = live === null ? null : rowsSince(live.graph)
  return (
    <Modal
      opened
      onClose={close}
      title={label === null ? t('Changes') : t('Changes of {label}', { label })}
      size={760}
    >
      <section className={styles.changes} aria-labelledby="unsaved-title">
        <div className="row">
          <h2 id="unsaved-title" className="grow">
            {t('Not saved yet')}
          </h2>
          {unsaved.length > 0 && (
            <Button size="sm" variant="default" onClick={() => void saver.flush()}>
              {t('Save now')}
            </Button>
          )}
        </div>
        {unsaved.length === 0 ? (
          <p className="second small">
            {t('The draft on the server says the same, since {savedAt}.', {
              savedAt: formatShortClock(savedAt),
            })}
          </p>
        ) : (
          <DiffTable rows={unsaved} beforeTitle={t('Saved')} afterTitle={t('On the canvas')} onNode={show} />
        )}
      </section>
      <section className={styles.changes} aria-labelledby="unpublished-title">
        <h2 id="unpublished-title">{t('Not published yet')}</h2>
        {unpublished === null ? (
          <p className="second small">{t('This pipeline was never published: all of it is new.')}</p>
        ) : unpublished.length === 0 ? (
          <p className="second small">
            {t('It is live as it is here, in v{version}.', { version: live?.version })}
          </p>
        ) : (
          <DiffTable
            rows={unpublished}
            beforeTitle={t('v{version}, live', { version: live?.version })}
            afterTitle={t('On the canvas')}
            onNode={show}
          />
        )}
      </section>
      <p className="caption">
        {t('Where nodes stand on the canvas, notes and groups change nothing that runs.')}
      </p>
    </Modal>
  )
}

function isAbout(row: DiffRow, nodeId: string | null): boolean {
  return nodeId === null || row.nodeId === nodeId
}
