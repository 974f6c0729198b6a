import { TextInput } from '@mantine/core'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { NodeTile } from '../canvas/node-tile.tsx'
import { counted, formatCount } from '../format/numbers.ts'
import { t, tFrom } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useDocument, useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import { MARK_LOOKS } from './legend.tsx'
import styles from './outline.module.css'
import { foundRows, type OutlineRow, openRows, outlineOf, parentOf } from './outline-rows.ts'

/** The pipeline as a tree, for reading and for the keyboard; its selection is that of the canvas. */
export function Outline() {
  const isOpen = useView((view) => view.isOutlineOpen)
  return isOpen ? <OpenOutline /> : null
}

function OpenOutline() {
  const { view } = useWorkspace()
  const nodes = useDocument(({ graph }) => graph.nodes)
  const edges = useDocument(({ graph }) => graph.edges)
  const { document } = useWorkspace()
  // Where nodes stand does not matter here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the two are what the outline is made of
  const all = useMemo(() => outlineOf(document.getState().graph), [document, nodes, edges])
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [text, setText] = useState('')
  const isSearched = text.trim() !== ''
  const rows = useMemo(
    () => (isSearched ? foundRows(all, text) : openRows(all, closed)),
    [all, closed, isSearched, text],
  )
  const selected = useView((state) => state.nodes)
  const list = useRef<HTMLDivElement>(null)
  const find = useRef<HTMLInputElement>(null)
  const [first] = selected
  const current = rows.some(({ node }) => node.id === first) ? first : rows[0]?.node.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: also where the search ends and all lines are back
  useEffect(() => {
    const item = first === undefined ? null : itemOf(list.current, first)
    item?.scrollIntoView({ block: 'nearest' })
    // The focus stays on what is selected, also where that was chosen elsewhere.
    if (list.current?.contains(window.document.activeElement)) item?.focus({ preventScroll: true })
  }, [first, isSearched])
  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [])

  const go = (row: OutlineRow | null | undefined) => {
    if (!row) return
    view.select([row.node.id])
    itemOf(list.current, row.node.id)?.focus()
  }
  const setOpen = (row: OutlineRow, isOpen: boolean) => {
    const next = new Set(closed)
    if (isOpen) next.delete(row.node.id)
    else next.add(row.node.id)
    setClosed(next)
  }
  const onFindKey = (event: KeyboardEvent) => {
    const keys: { readonly [key: string]: () => void } = {
      ArrowDown: () => go(rows[0]),
      Enter: () => rows[0] && view.reveal(rows[0].node.id),
      Escape: () => setText(''),
    }
    if (!Object.hasOwn(keys, event.key)) return
    event.preventDefault()
    keys[event.key]?.()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === '/') {
      event.preventDefault()
      find.current?.focus()
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const at = rows.findIndex(({ node }) => node.id === current)
    const row = rows[at]
    if (row === undefined) return
    const isClosed = closed.has(row.node.id)
    const keys: { readonly [key: string]: () => void } = {
      ArrowDown: () => go(rows[at + 1]),
      ArrowUp: () => go(rows[at - 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowRight: () => (row.isFork && isClosed ? setOpen(row, true) : row.isFork && go(rows[at + 1])),
      ArrowLeft: () => (row.isFork && !isClosed ? setOpen(row, false) : go(parentOf(rows, at))),
      ' ': () => go(row),
      Enter: () => view.reveal(row.node.id),
    }
    if (!Object.hasOwn(keys, event.key)) return
    event.preventDefault()
    event.stopPropagation()
    keys[event.key]?.()
  }
  return (
    <nav className={styles.outline} aria-label={t('Outline')}>
      <div className={styles.head}>
        <h2 className="grow">{t('Outline')}</h2>
        <button
          type="button"
          className={styles.close}
          aria-label={t('Close the outline')}
          onClick={() => view.setState({ isOutlineOpen: false })}
        >
          <Icon name="x" size={14} />
        </button>
      </div>
      <TextInput
        ref={find}
        size="xs"
        className={styles.find}
        aria-label={t('Find in the outline')}
        placeholder={t('Find (/)')}
        value={text}
        onKeyDown={onFindKey}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p className={`caption ${styles.count}`} role="status">
        {all.length === 0
          ? t('Nothing is on the canvas yet.')
          : isSearched &&
            t('{shown} of {nodes}', { shown: formatCount(rows.length), nodes: counted(all.length, 'node') })}
      </p>
      <div role="tree" aria-label={t('Nodes')} aria-multiselectable="true" ref={list} onKeyDown={onKey}>
        {rows.map((row) => (
          <Row
            key={row.node.id}
            row={row}
            isSelected={selected.has(row.node.id)}
            isCurrent={row.node.id === current}
            isClosed={closed.has(row.node.id)}
            onSelect={() => go(row)}
            onToggle={() => setOpen(row, closed.has(row.node.id))}
          />
        ))}
      </div>
    </nav>
  )
}

function itemOf(list: HTMLElement | null, nodeId: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-outline="${CSS.escape(nodeId)}"]`) ?? null
}

interface RowProps {
  readonly row: OutlineRow
  readonly isSelected: boolean
  /** True for the one line that Tab goes to. */
  readonly isCurrent: boolean
  readonly isClosed: boolean
  readonly onSelect: () => void
  readonly onToggle: () => void
}

function Row({ row, isSelected, isCurrent, isClosed, onSelect, onToggle }: RowProps) {
  const { nodeTypes } = useWorkspace()
  const { node, level, isFork, joins } = row
  const definition = nodeTypes.catalogue.get(node.type)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys
    <div
      role="treeitem"
      aria-level={level}
      aria-selected={isSelected}
      aria-expanded={isFork ? !isClosed : undefined}
      tabIndex={isCurrent ? 0 : -1}
      className={styles.row}
      style={{ paddingLeft: 8 + (level - 1) * 14 }}
      data-outline={node.id}
      onClick={onSelect}
    >
      <span className={styles.twist} aria-hidden="true">
        {isFork && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys
          // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse alone
          <span
            onClick={(event) => {
              event.stopPropagation()
              onToggle()
            }}
          >
            <Icon name={isClosed ? 'right' : 'down'} size={12} />
          </span>
        )}
      </span>
      <NodeTile definition={definition} />
      <span className="grow ellipsis">
        {node.label || node.id}
        <span className="visually-hidden">
          {', '}
          {tFrom(definition?.title ?? node.type)}
        </span>
        {joins.length > 0 && (
          <span className="caption">
            {' → '}
            {joins.join(', ')}
          </span>
        )}
      </span>
      <RowMarks nodeId={node.id} />
    </div>
  )
}

function RowMarks({ nodeId }: { readonly nodeId: string }) {
  const mark = useFacts(({ marks }) => marks.get(nodeId))
  const issues = useFacts(({ analysis }) => analysis.issuesOf.get(nodeId))
  const errors = issues?.filter(({ severity }) => severity === 'error').length ?? 0
  const look = mark && MARK_LOOKS[mark]
  return (
    <>
      {errors > 0 && <Icon name="err" size={13} className={styles.err} label={counted(errors, 'problem')} />}
      {look && <Icon name={look.icon} size={13} className={look.tone} label={t(look.words)} />}
    </>
  )
}
