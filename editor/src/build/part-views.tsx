import { ActionIcon } from '@mantine/core'
import { type GraphNode, LIMITS, type NodeGroup } from '@millrace/graph'
import { Handle, type NodeProps, NodeResizer, Position } from '@xyflow/react'
import { memo } from 'react'
import card from '../canvas/card.module.css'
import { counted } from '../format/numbers.ts'
import { useLanguage } from '../i18n/language.ts'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { Markdown } from '../ui/markdown.tsx'
import type { PublishMark } from '../workspace/publish-marks.ts'
import { useDocument, useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild, useLights } from './build-context.ts'
import { MARK_LOOKS } from './legend.tsx'
import type { GroupElement, NoteElement } from './part-elements.ts'
import styles from './part-views.module.css'

/** A note on the canvas: Markdown, written in place after a double click, Enter or F2. */
export const NoteView = memo(function NoteView({ id, data, selected = false }: NodeProps<NoteElement>) {
  useLanguage()
  const { view } = useWorkspace()
  const { parts } = useBuild()
  const { note } = data
  const isEdited = useView(({ renamed }) => renamed === id)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 does the same on the keyboard
    <div
      className={`${styles.note} ${selected ? styles.selected : ''}`}
      onDoubleClick={() => view.setState({ renamed: id })}
    >
      <NodeResizer
        isVisible={selected}
        minWidth={80}
        minHeight={80}
        maxWidth={1600}
        maxHeight={1600}
        onResizeEnd={(_event, { x, y, width, height }) =>
          parts.changeNote(note, {
            position: { x: Math.round(x), y: Math.round(y) },
            ...{ width: Math.round(width), height: Math.round(height) },
          })
        }
      />
      {isEdited ? (
        <NoteText note={note} />
      ) : (
        <div className={`${styles.noteBody} nowheel`}>
          {note.text === '' ? (
            <p className="caption">{t('An empty note. F2 or a double click writes it.')}</p>
          ) : null}
          <Markdown text={note.text} />
        </div>
      )}
    </div>
  )
})

function NoteText({ note }: { readonly note: NoteElement['data']['note'] }) {
  const { document, view } = useWorkspace()
  const { parts } = useBuild()
  const leave = () => {
    document.closeStep()
    view.setState({ renamed: null })
  }
  return (
    <textarea
      className={`${styles.noteText} nodrag nowheel nopan`}
      aria-label={t('Text of the note, in Markdown')}
      // biome-ignore lint/a11y/noAutofocus: somebody asked to write here
      autoFocus
      maxLength={LIMITS.note}
      value={note.text}
      onChange={(event) => parts.changeNote(note, { text: event.currentTarget.value })}
      onBlur={leave}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') leave()
      }}
    />
  )
}

/** The frame around the nodes of an open group; it is dragged by its head. */
export const FrameView = memo(function FrameView({ data, selected = false }: NodeProps<GroupElement>) {
  useLanguage()
  return (
    <div className={`${styles.frame} ${selected ? styles.selected : ''}`}>
      <div className={styles.frameHead} data-frame-handle>
        <GroupHead group={data.group} />
      </div>
    </div>
  )
})

const MARKS: readonly PublishMark[] = ['unsaved', 'saved', 'live']

/** The card in place of the nodes of a collapsed group. */
export const CollapsedView = memo(function CollapsedView({
  id,
  data,
  selected = false,
}: NodeProps<GroupElement>) {
  useLanguage()
  const { group } = data
  const errors = useFacts(
    ({ analysis }) =>
      group.nodes.filter((nodeId) =>
        analysis.issuesOf.get(nodeId)?.some(({ severity }) => severity === 'error'),
      ).length,
  )
  // The mark that is furthest from live: a closed group hides no edit.
  const mark = useFacts(({ marks }) =>
    MARKS.find((wanted) => group.nodes.some((nodeId) => marks.get(nodeId) === wanted)),
  )
  const look = mark && MARK_LOOKS[mark]
  const isRelated = useLights(({ nodes }) => group.nodes.some((nodeId) => nodes.has(nodeId)))
  const names = useNames(group.nodes)
  return (
    <div
      className={`${card.card} ${styles.collapsed} ${isRelated ? card.related : ''} ${selected ? card.selected : ''}`}
      data-group={id}
    >
      <Handle id="in" type="target" position={Position.Left} isConnectable={false} className={styles.end} />
      <Handle id="out" type="source" position={Position.Right} isConnectable={false} className={styles.end} />
      <GroupHead group={group} />
      <div className={card.digest} title={names}>
        {names}
      </div>
      <div className={card.foot}>
        {look && <Icon name={look.icon} size={13} className={look.tone} label={t(look.words)} />}
        {counted(group.nodes.length, 'node')}
        {errors > 0 && (
          <span className={`${card.special} ${card.errors}`}>{t('{errors} with problems', { errors })}</span>
        )}
      </div>
    </div>
  )
})

function useNames(nodeIds: readonly string[]): string {
  return useDocument(({ graph }) => {
    const members = new Set(nodeIds)
    return graph.nodes.flatMap(({ id, label }: GraphNode) => (members.has(id) ? [label] : [])).join(', ')
  })
}

function GroupHead({ group }: { readonly group: NodeGroup }) {
  const { view } = useWorkspace()
  const { parts } = useBuild()
  const isEdited = useView(({ renamed }) => renamed === group.id)
  const verb = group.collapsed ? t('Open') : t('Collapse')
  return (
    <div className={styles.head}>
      <ActionIcon
        variant="subtle"
        size="xs"
        className="nodrag"
        aria-label={`${verb} ${group.label}`}
        aria-expanded={!group.collapsed}
        onClick={() => parts.toggleGroup(group)}
      >
        <Icon name={group.collapsed ? 'right' : 'down'} size={12} />
      </ActionIcon>
      {isEdited ? (
        <GroupName group={group} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: F2 does the same on the keyboard
        <span
          className={`${styles.groupLabel} ellipsis`}
          onDoubleClick={() => view.setState({ renamed: group.id })}
        >
          {group.label || t('No name')}
        </span>
      )}
    </div>
  )
}

function GroupName({ group }: { readonly group: NodeGroup }) {
  const { document, view } = useWorkspace()
  const { parts } = useBuild()
  const leave = () => {
    document.closeStep()
    view.setState({ renamed: null })
  }
  return (
    <input
      className={`${styles.groupName} nodrag`}
      aria-label={t('Name of the group')}
      // biome-ignore lint/a11y/noAutofocus: somebody asked to write here
      autoFocus
      maxLength={200}
      value={group.label}
      onChange={(event) => parts.nameGroup(group, event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter' || event.key === 'Escape') leave()
      }}
    />
  )
}
