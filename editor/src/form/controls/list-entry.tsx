import { ActionIcon, Button } from '@mantine/core'
import { formatType } from '@millrace/expr'
import type { FormControl, Issue, JsonValue } from '@millrace/graph'
import { useState } from 'react'
import { t } from '../../i18n/t.ts'
import { Icon } from '../../ui/icon.tsx'
import {
  describeField,
  describeForm,
  type FieldSpec,
  type FormSchema,
  shownFields,
} from '../describe-form.ts'
import { FieldIssues } from '../field-issues.tsx'
import { FieldView } from '../field-view.tsx'
import styles from '../form.module.css'
import { isWithin, useForm, valueAt } from '../form-context.ts'

/** Controls that fit side by side. */
const NARROW: ReadonlySet<FormControl> = new Set(['text', 'number', 'toggle', 'choice', 'field', 'type'])

/** What an entry of a list may be told. */
export interface ListEntryProps {
  readonly title: string
  readonly path: readonly string[]
  readonly items: FormSchema
  /** `rows`: one line, with what is rarely needed on request. */
  readonly layout?: 'rows' | undefined
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly onRemove: () => void
  readonly onMove: (by: 1 | -1) => void
}

/** One entry of a list: short inputs side by side, descriptions on hover, what is rarely needed on request. */
export function ListEntry(props: ListEntryProps) {
  const { title, path, items, layout, isFirst, isLast, onRemove, onMove } = props
  const { issues } = useForm()
  const own = issues.filter((issue) => issue.path.join('/') === path.join('/'))
  if (layout === 'rows') return <EntryRow {...props} own={own} />
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out freely in all browsers
    <div className={styles.entry} role="group" aria-label={title} data-path={path.join('/')}>
      <div className={styles.entryHead}>
        <span className="grow">{title}</span>
        <MoveButtons {...{ title, isFirst, isLast, onMove }} />
        <EntryButton icon="x" label={t('Remove {title}', { title })} onClick={onRemove} />
      </div>
      <EntryFields path={path} items={items} />
      <FieldIssues issues={own} />
    </div>
  )
}

/** The settings of an entry that are shown, and how to see the others. */
function useEntrySpecs(path: readonly string[], items: FormSchema) {
  const { config, issues } = useForm()
  const [showsAll, setShowsAll] = useState(false)
  const specs = items.properties
    ? shownFields(describeForm(items), valueAt(config, path))
    : [describeField('', items)]
  const pathOf = ({ name }: FieldSpec) => (name === '' ? path : [...path, name])
  const isNeeded = (spec: FieldSpec) =>
    !spec.advanced ||
    isFilled(valueAt(config, pathOf(spec))) ||
    issues.some(({ path: at }) => isWithin(at, pathOf(spec)))
  const shown = specs.filter((spec) => showsAll || isNeeded(spec))
  return { config, specs, shown, pathOf, showsAll, setShowsAll }
}

/** Settings that stand in the line itself; the others stand below it. */
const IN_LINE: ReadonlySet<FormControl> = new Set(['text', 'choice', 'field', 'type', 'expression'])

/** An entry as one line: its labels are there for screen readers, and on hover. */
function EntryRow({ title, path, items, isFirst, isLast, onRemove, onMove, own }: RowProps) {
  const form = useForm()
  const { config, specs, shown, pathOf, showsAll, setShowsAll } = useEntrySpecs(path, items)
  const isInLine = (spec: FieldSpec) => IN_LINE.has(spec.control) && !spec.advanced
  const results = form.listHelp(path)?.resultsOf(Number(path[1])) ?? []
  const view = (spec: FieldSpec) => (
    <div
      key={spec.name}
      title={`${spec.title}: ${spec.description}`}
      className={isInLine(spec) ? styles.cell : NARROW.has(spec.control) ? styles.narrow : styles.wide}
    >
      <FieldView
        spec={{ ...spec, description: '' }}
        path={pathOf(spec)}
        value={valueAt(config, pathOf(spec))}
      />
    </div>
  )
  const below = shown.filter((spec) => !isInLine(spec))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out freely in all browsers
    <div className={styles.entryRow} role="group" aria-label={title} data-path={path.join('/')}>
      <div className={styles.line}>
        {specs.filter(isInLine).map(view)}
        <ActionIcon
          size="xs"
          variant="subtle"
          aria-label={t('More of {title}', { title })}
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          <Icon name={showsAll ? 'up' : 'more'} size={12} />
        </ActionIcon>
        <EntryButton icon="x" label={t('Remove {title}', { title })} onClick={onRemove} />
      </div>
      {results.length > 0 && (
        <p className={styles.result}>
          {results.map(({ name, type }) => `${name}: ${formatType(type)}`).join(', ')}
        </p>
      )}
      {below.length > 0 && <div className={styles.entryFields}>{below.map(view)}</div>}
      {showsAll && (
        <div className="row">
          <MoveButtons {...{ title, isFirst, isLast, onMove }} />
        </div>
      )}
      <FieldIssues issues={own} />
    </div>
  )
}

interface RowProps extends ListEntryProps {
  /** What is wrong with the entry as a whole. */
  readonly own: readonly Issue[]
}

function EntryFields({ path, items }: Pick<ListEntryProps, 'path' | 'items'>) {
  const { config, specs, shown: unsorted, pathOf, setShowsAll } = useEntrySpecs(path, items)
  // Short inputs first, so that they share a line.
  const shown = unsorted.toSorted((a, b) => Number(NARROW.has(b.control)) - Number(NARROW.has(a.control)))
  return (
    <>
      <div className={styles.entryFields}>
        {shown.map((spec) => (
          <div
            key={spec.name}
            title={spec.description}
            className={NARROW.has(spec.control) ? styles.narrow : styles.wide}
          >
            <FieldView
              spec={{ ...spec, description: '' }}
              path={pathOf(spec)}
              value={valueAt(config, pathOf(spec))}
            />
          </div>
        ))}
      </div>
      {shown.length < specs.length && (
        <div>
          <Button size="xs" variant="subtle" onClick={() => setShowsAll(true)}>
            {t('More')}
          </Button>
        </div>
      )}
    </>
  )
}

function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

function MoveButtons({
  title,
  isFirst,
  isLast,
  onMove,
}: Pick<ListEntryProps, 'title' | 'isFirst' | 'isLast' | 'onMove'>) {
  return (
    <>
      <EntryButton
        icon="up"
        label={t('Move {title} up', { title })}
        disabled={isFirst}
        onClick={() => onMove(-1)}
      />
      <EntryButton
        icon="down"
        label={t('Move {title} down', { title })}
        disabled={isLast}
        onClick={() => onMove(1)}
      />
    </>
  )
}

interface EntryButtonProps {
  readonly icon: 'up' | 'down' | 'x'
  readonly label: string
  readonly disabled?: boolean
  readonly onClick: () => void
}

function EntryButton({ icon, label, disabled = false, onClick }: EntryButtonProps) {
  return (
    <ActionIcon size="xs" variant="subtle" aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} size={12} />
    </ActionIcon>
  )
}
