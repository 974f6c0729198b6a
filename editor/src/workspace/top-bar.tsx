import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { Link, NavLink, useMatch } from 'react-router'
import { counted } from '../format/numbers.ts'
import { formatShortClock } from '../format/times.ts'
import { msg, t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { keyNames } from '../ui/keys.ts'
import { PipelineName } from './pipeline-name.tsx'
import { RunControls } from './run-controls.tsx'
import styles from './top-bar.module.css'
import { useDocument, useFacts, useSaving, useWorkspace } from './workspace.ts'

const TABS = [
  { path: '', label: msg('Build') },
  { path: '/monitor', label: msg('Monitor') },
  { path: '/history', label: msg('History') },
] as const

/** The head of an open pipeline: where we are, what is wrong, what is saved, what is live. */
export function TopBar() {
  const { pipelineId } = useWorkspace()
  const name = useDocument(({ graph }) => graph.name)
  const builds = useMatch('/pipelines/:pipelineId') !== null
  return (
    <section className={styles.bar} aria-label={t('Pipeline bar')}>
      <h1 className="visually-hidden">{name}</h1>
      <Link to="/pipelines" className={styles.home} aria-label={t('All pipelines')}>
        <Icon name="logo" size={20} />
      </Link>
      <nav className={styles.crumbs} aria-label={t('Breadcrumb')}>
        <Link to="/pipelines">{t('Pipelines')}</Link>
        <Icon name="right" size={12} />
        <PipelineName />
      </nav>
      <nav className={styles.tabs} aria-label={t('Pipeline')}>
        {TABS.map(({ path, label }) => (
          <NavLink
            key={path}
            to={`/pipelines/${pipelineId}${path}`}
            end
            className={({ isActive }) => (isActive ? `${styles.tab} ${styles.on}` : `${styles.tab}`)}
          >
            {t(label)}
          </NavLink>
        ))}
      </nav>
      <span className="grow" />
      {builds && <HistoryButtons />}
      {builds && <DraftChips />}
      <VersionState />
      {builds ? <SaveAndPublish /> : <RunControls />}
    </section>
  )
}

function HistoryButtons() {
  const { document, view } = useWorkspace()
  const undoLabel = useDocument(({ past }) => past.at(-1)?.label)
  const redoLabel = useDocument(({ future }) => future.at(-1)?.label)
  return (
    <>
      <Tooltip label={t('Search nodes, fields, actions and pipelines (Ctrl K)')}>
        <ActionIcon
          variant="subtle"
          size="sm"
          aria-label={t('Search')}
          onClick={() => view.setState({ cover: 'search' })}
        >
          <Icon name="search" />
        </ActionIcon>
      </Tooltip>
      <HistoryButton
        verb={t('Undo')}
        nothing={t('Nothing to undo')}
        icon="undo"
        keys="Ctrl Z"
        label={undoLabel}
        onClick={document.undo}
      />
      <HistoryButton
        verb={t('Redo')}
        nothing={t('Nothing to redo')}
        icon="redo"
        keys="Ctrl Shift Z"
        label={redoLabel}
        onClick={document.redo}
      />
      <span className={styles.separator} />
    </>
  )
}

interface HistoryButtonProps {
  readonly verb: string
  /** What it says where there is nothing to do. */
  readonly nothing: string
  readonly icon: 'undo' | 'redo'
  readonly keys: string
  readonly label: string | undefined
  readonly onClick: () => void
}

function HistoryButton({ verb, nothing, icon, keys, label, onClick }: HistoryButtonProps) {
  const text = label === undefined ? nothing : `${verb}: ${label} (${keyNames(keys)})`
  return (
    <Tooltip label={text}>
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={label === undefined ? verb : `${verb}: ${label}`}
        className={label === undefined ? styles.off : undefined}
        aria-disabled={label === undefined}
        onClick={onClick}
      >
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  )
}

function DraftChips() {
  const { view } = useWorkspace()
  const issues = useFacts(({ analysis }) => analysis.issues)
  const errors = issues.filter(({ severity }) => severity === 'error').length
  const warnings = issues.length - errors
  const showProblems = () => view.setState({ isDockOpen: true, dockTab: 'problems' })
  return (
    <>
      {errors > 0 && (
        <Chip tone="err" icon="err" onClick={showProblems}>
          {counted(errors, 'problem')}
        </Chip>
      )}
      {warnings > 0 && (
        <Chip tone="warn" icon="warn" onClick={showProblems}>
          {counted(warnings, 'warning')}
        </Chip>
      )}
      {issues.length === 0 && (
        <Chip tone="ok" icon="ok">
          {t('No problems')}
        </Chip>
      )}
      <UnsavedChip />
    </>
  )
}

function UnsavedChip() {
  const { view } = useWorkspace()
  const phase = useSaving((state) => state.phase)
  const unsaved = useFacts(({ marks }) => [...marks.values()].filter((mark) => mark === 'unsaved').length)
  if (phase === 'saved') return null
  return (
    <Chip tone="accent" icon="pen" onClick={() => view.showChanges()}>
      {phase === 'saving' ? t('Saving') : unsaved > 0 ? t('{unsaved} unsaved', { unsaved }) : t('Unsaved')}
    </Chip>
  )
}

function VersionState() {
  const live = useFacts((facts) => facts.live)
  const savedAt = useSaving((state) => state.savedAt)
  const hasChanges = useFacts(({ marks }) => [...marks.values()].some((mark) => mark !== 'live'))
  return (
    <span className={styles.state} data-testid="version-state">
      <span className={styles.separator} />
      <Icon name="live" size={14} className={`${live ? styles.live : styles.never}`} />
      {live ? t('v{version} published', { version: live.version }) : t('never published')}
      <span className="caption">·</span>
      {hasChanges && <Icon name="half" size={14} className={`${styles.half}`} />}
      {t('draft saved {savedAt}', { savedAt: formatShortClock(savedAt) })}
    </span>
  )
}

function SaveAndPublish() {
  const { saver, view } = useWorkspace()
  return (
    <>
      <Button
        size="sm"
        variant="default"
        rightSection={<kbd>{keyNames('Ctrl S')}</kbd>}
        onClick={() => void saver.flush()}
      >
        {t('Save')}
      </Button>
      <Button
        size="sm"
        leftSection={<Icon name="up" size={14} />}
        onClick={() => view.setState({ cover: 'publish' })}
      >
        {t('Publish…')}
      </Button>
    </>
  )
}
