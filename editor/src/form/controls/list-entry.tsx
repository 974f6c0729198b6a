import { ActionIcon, Button } from '@mantine/core'
import type { FormControl, JsonValue } from '@millrace/graph'
import { useState } from 'react'
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
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly onRemove: () => void
  readonly onMove: (by: 1 | -1) => void
}

/** One entry of a list: short inputs side by side, descriptions on hover, what is rarely needed on request. */
export function ListEntry({ title, path, items, isFirst, isLast, onRemove, onMove }: ListEntryProps) {
  const { issues } = useForm()
  const own = issues.filter((issue) => issue.path.join('/') === path.join('/'))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out freely in all browsers
    <div className={styles.entry} role="group" aria-label={title} data-path={path.join('/')}>
      <div className={styles.entryHead}>
        <span className="grow">{title}</span>
        <EntryButton icon="up" label={`Move ${title} up`} disabled={isFirst} onClick={() => onMove(-1)} />
        <EntryButton icon="down" label={`Move ${title} down`} disabled={isLast} onClick={() => onMove(1)} />
        <EntryButton icon="x" label={`Remove ${title}`} onClick={onRemove} />
      </div>
      <EntryFields path={path} items={items} />
      <FieldIssues issues={own} />
    </div>
  )
}

function EntryFields({ path, items }: Pick<ListEntryProps, 'path' | 'items'>) {
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
  // Short inputs first, so that they share a line.
  const shown = specs
    .filter((spec) => showsAll || isNeeded(spec))
    .toSorted((a, b) => Number(NARROW.has(b.control)) - Number(NARROW.has(a.control)))
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
            More
          </Button>
        </div>
      )}
    </>
  )
}

function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
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
