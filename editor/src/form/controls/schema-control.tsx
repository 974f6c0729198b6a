import { ActionIcon, Autocomplete, Button, Checkbox, Input, TextInput } from '@mantine/core'
import type { JsonValue } from '@millrace/graph'
import { t } from '../../i18n/t.ts'
import { Icon } from '../../ui/icon.tsx'
import type { ControlProps } from '../control-props.ts'
import { FieldIssues } from '../field-issues.tsx'
import styles from '../form.module.css'
import { isWithin, useForm } from '../form-context.ts'
import { TYPE_NAMES } from '../type-names.ts'
import { SampleFields } from './sample-fields.tsx'

/** One row of a schema table as it stands in a config. */
interface SchemaRow {
  readonly name: string
  readonly type: string
  readonly sensitive?: boolean
}

const NOT_NULL = / not null$/i

/** A table of fields: name, type, whether it is always there. Nested types are written as text. */
export function SchemaControl(props: ControlProps) {
  const { spec, path, value } = props
  const form = useForm()
  const rows = rowsOf(value)
  const replace = (next: readonly SchemaRow[], label: string) =>
    form.set(path, next.map(toJson), { isStep: true, label })
  return (
    <div>
      <Input.Label labelElement="div">{spec.title}</Input.Label>
      <Input.Description mb={6}>{spec.description}</Input.Description>
      {rows.length > 0 && (
        <div className={styles.schema}>
          <span className={styles.schemaHead}>{t('Name')}</span>
          <span className={styles.schemaHead}>{t('Type')}</span>
          <span className={styles.schemaHead}>{t('Never null')}</span>
          <span className={styles.schemaHead}>
            <Icon name="mask" size={12} label={t('Sensitive')} />
          </span>
          <span />
          {rows.map((row, i) => (
            <Row
              // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place
              key={i}
              row={row}
              number={i + 1}
              path={[...path, String(i)]}
              onRemove={() =>
                replace(rows.toSpliced(i, 1), t('Remove {name}', { name: row.name || t('a field') }))
              }
            />
          ))}
        </div>
      )}
      <div className={styles.tokens}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="plus" size={12} />}
          onClick={() => replace([...rows, { name: '', type: 'string' }], t('Add a field'))}
        >
          {t('Field')}
        </Button>
        {spec.hint.sample !== false && <SampleFields path={path} standing={rows.length} onFields={replace} />}
      </div>
    </div>
  )
}

interface RowProps {
  readonly row: SchemaRow
  readonly number: number
  readonly path: readonly string[]
  readonly onRemove: () => void
}

function Row({ row, number, path, onRemove }: RowProps) {
  const form = useForm()
  const issues = form.issues.filter(({ path: at }) => isWithin(at, path))
  const isRequired = NOT_NULL.test(row.type)
  const plainType = row.type.replace(NOT_NULL, '')
  const setType = (type: string, required: boolean) =>
    form.set([...path, 'type'], required ? t('{type} not null', { type }) : type)
  const name = row.name || t('field {number}', { number })
  const isWrong = (member: string) => issues.some(({ path: at }) => at.at(-1) === member)
  return (
    <>
      <TextInput
        size="xs"
        aria-label={t('Name of field {number}', { number })}
        data-path={[...path, 'name'].join('/')}
        error={isWrong('name')}
        value={row.name}
        onChange={(event) => form.set([...path, 'name'], event.currentTarget.value)}
      />
      <Autocomplete
        size="xs"
        aria-label={t('Type of {name}', { name })}
        data-path={[...path, 'type'].join('/')}
        error={isWrong('type')}
        data={[...TYPE_NAMES]}
        filter={({ options }) => options}
        comboboxProps={{ width: 180, position: 'bottom-start' }}
        value={plainType}
        onChange={(type) => setType(type, isRequired)}
      />
      <Checkbox
        size="xs"
        aria-label={t('{name} is never null', { name })}
        checked={isRequired}
        onChange={(event) => setType(plainType, event.currentTarget.checked)}
      />
      <Checkbox
        size="xs"
        aria-label={t('{name} is sensitive', { name })}
        title={t('Masked wherever events are shown')}
        checked={row.sensitive === true}
        onChange={(event) =>
          form.set([...path, 'sensitive'], event.currentTarget.checked ? true : undefined, { isStep: true })
        }
      />
      <ActionIcon size="xs" variant="subtle" aria-label={t('Remove {name}', { name })} onClick={onRemove}>
        <Icon name="x" size={12} />
      </ActionIcon>
      {issues.length > 0 && (
        <div className={styles.wholeRow}>
          <FieldIssues issues={issues} />
        </div>
      )}
    </>
  )
}

function rowsOf(value: JsonValue | undefined): readonly SchemaRow[] {
  if (!Array.isArray(value)) return []
  return value.map((row) => {
    const { name, type, sensitive } = row as { readonly [member: string]: unknown }
    return {
      name: String(name ?? ''),
      type: String(type ?? ''),
      ...(sensitive === true && { sensitive: true }),
    }
  })
}

function toJson({ name, type, sensitive }: SchemaRow): JsonValue {
  return { name, type, ...(sensitive && { sensitive }) }
}
