import { ActionIcon, Button, Input } from '@mantine/core'
import type { JsonValue } from '@millrace/graph'
import { Icon } from '../../ui/icon.tsx'
import type { ControlProps } from '../control-props.ts'
import { describeField, describeForm, type FieldSpec, type FormSchema, newEntry } from '../describe-form.ts'
import { FieldIssues } from '../field-issues.tsx'
import { FieldView } from '../field-view.tsx'
import styles from '../form.module.css'
import { useForm, valueAt } from '../form-context.ts'

/** A list of objects (or plain values), each with a form of its own. */
export function ListControl({ spec, path, value, onChange }: ControlProps) {
  const form = useForm()
  const entries = Array.isArray(value) ? (value as readonly JsonValue[]) : []
  const items = spec.schema.items ?? {}
  const replace = (next: readonly JsonValue[], label: string) => form.set(path, next, { isStep: true, label })
  const what = spec.title.toLowerCase()
  const isFull = entries.length >= (spec.schema.maxItems ?? Number.POSITIVE_INFINITY)
  return (
    <div>
      <Input.Label labelElement="div">{spec.title}</Input.Label>
      <Input.Description mb={6}>{spec.description}</Input.Description>
      <div className={styles.entries}>
        {entries.map((_entry, i) => (
          <Entry
            // biome-ignore lint/suspicious/noArrayIndexKey: an entry has no name but its place
            key={i}
            title={`${spec.title} ${i + 1}`}
            path={[...path, String(i)]}
            items={items}
            onRemove={() => replace(entries.toSpliced(i, 1), `Remove from ${what}`)}
            onMove={(by) => replace(moved(entries, i, i + by), `Reorder ${what}`)}
            isFirst={i === 0}
            isLast={i === entries.length - 1}
          />
        ))}
        <div className="row">
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="plus" size={12} />}
            disabled={isFull}
            aria-label={`Add to ${what}`}
            onClick={() => replace([...entries, newEntry(items)], `Add to ${what}`)}
          >
            Add
          </Button>
          <AddAllFields spec={spec} items={items} entries={entries} onChange={onChange} />
        </div>
      </div>
    </div>
  )
}

interface EntryProps {
  readonly title: string
  readonly path: readonly string[]
  readonly items: FormSchema
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly onRemove: () => void
  readonly onMove: (by: 1 | -1) => void
}

function Entry({ title, path, items, isFirst, isLast, onRemove, onMove }: EntryProps) {
  const { config, issues } = useForm()
  const own = issues.filter((issue) => issue.path.join('/') === path.join('/'))
  const specs = items.properties ? describeForm(items) : [describeField('', items)]
  const pathOf = ({ name }: FieldSpec) => (name === '' ? path : [...path, name])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out freely in all browsers
    <div className={styles.entry} role="group" aria-label={title} data-path={path.join('/')}>
      <div className={styles.entryHead}>
        <span className="grow">{title}</span>
        <EntryButton icon="up" label={`Move ${title} up`} disabled={isFirst} onClick={() => onMove(-1)} />
        <EntryButton icon="down" label={`Move ${title} down`} disabled={isLast} onClick={() => onMove(1)} />
        <EntryButton icon="x" label={`Remove ${title}`} onClick={onRemove} />
      </div>
      {specs.map((spec) => (
        <FieldView key={spec.name} spec={spec} path={pathOf(spec)} value={valueAt(config, pathOf(spec))} />
      ))}
      <FieldIssues issues={own} />
    </div>
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

interface AddAllFieldsProps {
  readonly spec: FieldSpec
  readonly items: FormSchema
  readonly entries: readonly JsonValue[]
  readonly onChange: (value: JsonValue) => void
}

/** Where each entry names a field, all fields that are not named yet can be added at once. */
function AddAllFields({ spec, items, entries, onChange }: AddAllFieldsProps) {
  const form = useForm()
  const picker = describeForm(items).find(
    ({ control, hint }) => control === 'field' && hint.port !== undefined,
  )
  if (picker === undefined) return null
  const named = new Set(entries.map((entry) => valueAt(entry, [picker.name])))
  const missing = (form.fieldsAt(picker.hint.port) ?? []).filter(({ name }) => !named.has(name))
  if (missing.length === 0) return null
  const added = missing.map(({ name }) => ({ ...(newEntry(items) as object), [picker.name]: name }))
  return (
    <Button
      size="xs"
      variant="subtle"
      onClick={() => onChange([...entries, ...added].slice(0, spec.schema.maxItems))}
    >
      Add all {missing.length} fields
    </Button>
  )
}

function moved(entries: readonly JsonValue[], from: number, to: number): readonly JsonValue[] {
  const entry = entries[from]
  return entry === undefined ? entries : entries.toSpliced(from, 1).toSpliced(to, 0, entry)
}
