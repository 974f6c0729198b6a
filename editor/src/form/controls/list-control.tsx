import { Button, Input } from '@mantine/core'
import type { JsonValue } from '@millrace/graph'
import { lazy, Suspense } from 'react'
import { counted } from '../../format/numbers.ts'
import { t, tFrom, withinSentence } from '../../i18n/t.ts'
import { Icon } from '../../ui/icon.tsx'
import type { ControlProps } from '../control-props.ts'
import {
  describeForm,
  type FieldSpec,
  type FormSchema,
  newEntry,
  newEntryWithPort,
} from '../describe-form.ts'
import styles from '../form.module.css'
import { useForm, valueAt } from '../form-context.ts'
import { ListEntry } from './list-entry.tsx'

const IndexCheck = lazy(async () => ({ default: (await import('./index-check.tsx')).IndexCheck }))

/** A list of objects (or plain values), each with a form of its own. */
export function ListControl({ spec, path, value, onChange }: ControlProps) {
  const form = useForm()
  const entries = Array.isArray(value) ? (value as readonly JsonValue[]) : []
  const items = spec.schema.items ?? {}
  const replace = (next: readonly JsonValue[], label: string) => form.set(path, next, { isStep: true, label })
  const what = withinSentence(spec.title)
  const added = newEntryWithPort(items, entries, form.connectedPorts)
  const isFull = added === null || entries.length >= (spec.schema.maxItems ?? Number.POSITIVE_INFINITY)
  return (
    <div>
      <Input.Label labelElement="div">{spec.title}</Input.Label>
      <Input.Description mb={6}>{spec.description}</Input.Description>
      <div className={styles.entries} data-layout={spec.hint.layout}>
        {entries.map((_entry, i) => (
          <ListEntry
            // biome-ignore lint/suspicious/noArrayIndexKey: an entry has no name but its place
            key={i}
            title={`${spec.hint.entry === undefined ? spec.title : tFrom(spec.hint.entry)} ${i + 1}`}
            path={[...path, String(i)]}
            items={items}
            onRemove={() => replace(entries.toSpliced(i, 1), t('Remove from {what}', { what }))}
            onMove={(by) => replace(moved(entries, i, i + by), t('Reorder {what}', { what }))}
            layout={spec.hint.layout}
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
            aria-label={t('Add to {what}', { what })}
            onClick={() => added !== null && replace([...entries, added], t('Add to {what}', { what }))}
          >
            {t('Add')}
          </Button>
          <AddAllFields spec={spec} items={items} entries={entries} path={path} onChange={onChange} />
        </div>
        {spec.hint.check === 'index' && (
          <Suspense>
            <IndexCheck path={path} />
          </Suspense>
        )}
      </div>
    </div>
  )
}

interface AddAllFieldsProps {
  readonly spec: FieldSpec
  readonly items: FormSchema
  readonly entries: readonly JsonValue[]
  readonly path: readonly string[]
  readonly onChange: (value: JsonValue) => void
}

/** Where each entry names a field, all fields that are not named yet can be added at once. */
function AddAllFields({ spec, items, entries, path, onChange }: AddAllFieldsProps) {
  const form = useForm()
  const pickers = describeForm(items).filter(
    ({ control, hint }) => control === 'field' && hint.port !== undefined,
  )
  const [picker] = pickers
  // An entry that pairs two fields is more than the name of one.
  if (picker === undefined || pickers.length > 1) return null
  const named = new Set(entries.map((entry) => valueAt(entry, [picker.name])))
  const missing = (form.fieldsAt(picker.hint.port) ?? []).filter(({ name }) => !named.has(name))
  if (missing.length === 0) return null
  const help = form.listHelp(path)
  const added = missing.map(
    (field): JsonValue =>
      help?.entryFor(field) ?? { ...(newEntry(items) as object), [picker.name]: field.name },
  )
  return (
    <Button
      size="xs"
      variant="subtle"
      onClick={() => onChange([...entries, ...added].slice(0, spec.schema.maxItems))}
    >
      {t('Add all {fields}', { fields: counted(missing.length, 'field') })}
    </Button>
  )
}

function moved(entries: readonly JsonValue[], from: number, to: number): readonly JsonValue[] {
  const entry = entries[from]
  return entry === undefined ? entries : entries.toSpliced(from, 1).toSpliced(to, 0, entry)
}
