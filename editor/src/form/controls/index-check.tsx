import { Button } from '@mantine/core'
import type { ExistingMapping } from '@millrace/contracts'
import type { ConfigIssue, JsonValue } from '@millrace/graph'
import { compareMapping, type ElasticsearchConfig, type MappingComparison } from '@millrace/nodes'
import { useQuery } from '@tanstack/react-query'
import { counted } from '../../format/numbers.ts'
import { wordsOf } from '../../http/api-error.ts'
import { request, segment } from '../../http/request.ts'
import { t } from '../../i18n/t.ts'
import { Notice } from '../../ui/notice.tsx'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { siblingValue } from '../siblings.ts'

const ALIAS = /^[a-z0-9][a-z0-9_-]{0,199}$/

/** Names that are listed in one sentence. */
const NAMED = 5

/** Compares the fields of a sink with the index that exists behind its alias: what differs, in words, with fixes. */
export function IndexCheck({ path }: { readonly path: readonly string[] }) {
  const form = useForm()
  const connection = siblingValue(form.config, path, 'connection')
  const alias = siblingValue(form.config, path, 'alias')
  const existing = useQuery({
    queryKey: ['mapping', connection, alias],
    queryFn: ({ signal }) =>
      request<ExistingMapping>(`/connections/${segment(connection)}/mappings/${segment(alias)}`, { signal }),
    enabled: connection !== '' && ALIAS.test(alias),
    staleTime: 10_000,
    retry: false,
  })
  if (existing.error) {
    return (
      <p className={styles.hint}>
        {t('The index cannot be compared: {error}', { error: wordsOf(existing.error) })}
      </p>
    )
  }
  if (existing.data === undefined) return null
  const { indices, isIndex, fields } = existing.data
  if (isIndex) {
    return (
      <Notice tone="err">
        {t(
          '“{alias}” is the name of an index that Millrace did not make. Choose another alias, or delete that index.',
          { alias },
        )}
      </Notice>
    )
  }
  if (indices.length === 0)
    return (
      <p className={styles.hint}>
        {t('There is no index behind “{alias}” yet: it is made with these types.', { alias })}
      </p>
    )
  const compared = compareMapping(form.config as unknown as ElasticsearchConfig, form.fieldsAt('in') ?? [], {
    fields: new Map(fields.map(({ name, types }) => [name, types])),
  })
  return (
    <div className={styles.entries}>
      {compared.conflicts.map((conflict) => (
        <Conflict key={conflict.path.join('/')} conflict={conflict} />
      ))}
      <p className={styles.hint} role="status">
        {wordsOfComparison(compared, indices.length)}
      </p>
    </div>
  )
}

function Conflict({ conflict: { message, fix } }: { readonly conflict: ConfigIssue }) {
  const form = useForm()
  return (
    <Notice
      tone="err"
      action={
        fix && (
          <Button
            size="xs"
            variant="default"
            onClick={() => form.set(fix.path, fix.value as JsonValue, { isStep: true, label: fix.label })}
          >
            {fix.label}
          </Button>
        )
      }
    >
      {message}
    </Notice>
  )
}

function wordsOfComparison({ conflicts, added, left }: MappingComparison, indices: number): string {
  const those =
    indices === 1
      ? t('the index that exists')
      : t('the {indices} that exist', { indices: counted(indices, 'index', 'indices') })
  const sentences = [
    conflicts.length === 0
      ? t('The types agree with {those}.', { those })
      : t('{fields} cannot be written to {those}.', { fields: counted(conflicts.length, 'field'), those }),
    ...(added.length > 0 ? [t('New there: {added}.', { added: listed(added) })] : []),
    ...(left.length > 0 ? [t('Only in older documents: {left}.', { left: listed(left) })] : []),
  ]
  return sentences.join(' ')
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ')
  return names.length > NAMED ? t('{shown} and {names} more', { shown, names: names.length - NAMED }) : shown
}
