import { Button, Checkbox, Modal, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core'
import { type TestSource, testSources } from '@millrace/engine'
import type { Field } from '@millrace/expr'
import type { PipelineTest } from '@millrace/graph'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsOf } from '../http/api-error.ts'
import { msg, shown, t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { makeId } from '../workspace/make-id.ts'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { addTest, emptyTest, testsOf } from './edit-tests.ts'
import { sensitiveFields } from './mask.ts'
import { filterProblem } from './record-steps.ts'
import { MOST_RECORDED, type RecordFrom, recordTopics } from './record-topics.ts'
import styles from './tests.module.css'

interface RecordDialogProps {
  readonly onClose: () => void
  readonly onRecorded: (testId: string) => void
}

/** Takes events out of the topics of the pipeline into a new test. */
export function RecordDialog({ onClose, onRecorded }: RecordDialogProps) {
  const { nodeTypes, document } = useWorkspace()
  const graph = useDocument((state) => state.graph)
  const sources = testSources(graph, nodeTypes.catalogue, nodeTypes.runtimes).filter(
    ({ connection, topic }) => connection !== '' && topic !== '',
  )
  const take = (steps: PipelineTest['steps']) => {
    const test = {
      ...emptyTest(makeId('test'), t('Recorded {cases}', { cases: testsOf(graph).cases.length + 1 })),
      steps,
    }
    document.edit(addTest(document.getState().graph, test), { label: t('Record a test') })
    onRecorded(test.id)
  }
  return (
    <Modal opened onClose={onClose} title={t('Record events')} size={640}>
      {sources.length === 0 ? (
        <EmptyState icon="topic" title={t('There is no topic to record from')}>
          {t(
            'Choose a topic in a source first. Generated events need no recording: a test asks the generator for them.',
          )}
        </EmptyState>
      ) : (
        <RecordForm sources={sources} onClose={onClose} onTaken={take} />
      )}
    </Modal>
  )
}

interface RecordFormProps {
  readonly sources: readonly TestSource[]
  readonly onClose: () => void
  readonly onTaken: (steps: PipelineTest['steps']) => void
}

const FROM = [
  { value: 'latest', label: msg('The newest events') },
  { value: 'time', label: msg('Events from a time on') },
  { value: 'offset', label: msg('Events from an offset on') },
] as const

function RecordForm({ sources, onClose, onTaken }: RecordFormProps) {
  const fieldsOf = useFieldsOf()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(sources.map(({ node }) => node.id)))
  const [from, setFrom] = useState<RecordFrom>({ kind: 'latest' })
  const [limit, setLimit] = useState(500)
  const [key, setKey] = useState('')
  const [filter, setFilter] = useState('')
  const names = [...new Set(sources.flatMap(({ node }) => fieldsOf(node.id).map(({ name }) => name)))]
  const tagged = sources.flatMap(({ node }) => declaredFields(node.config))
  const [masked, setMasked] = useState<string[]>(() => [
    ...new Set([...sensitiveFields(tagged), ...sensitiveFields(names.map((name) => ({ name })))]),
  ])
  const first = sources.find(({ kind }) => kind === 'source')
  const wrong = filterProblem({ filter, fields: first ? fieldsOf(first.node.id) : [] })
  const record = useMutation({
    mutationFn: () => {
      const rules = { key: key.trim(), filter, masked: new Set(masked) }
      const wanted = sources.filter(({ node }) => chosen.has(node.id))
      return recordTopics({ sources: wanted, from, limit, rules, fieldsOf, salt: crypto.randomUUID() })
    },
    onSuccess: ({ steps, skipped }) => {
      if (steps.length > 0) onTaken(steps)
      else setNothing(skipped)
    },
  })
  const [nothing, setNothing] = useState<number | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setNothing(null)
    record.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <fieldset className={styles.fieldset}>
        <legend>{t('Record from')}</legend>
        {sources.map(({ node, kind, topic }) => (
          <Checkbox
            key={node.id}
            size="sm"
            label={`${node.label}: ${topic}${kind === 'reference' ? ` ${t('(what is looked up, whole)')}` : ''}`}
            checked={chosen.has(node.id)}
            onChange={(event) => setChosen(toggled(chosen, node.id, event.currentTarget.checked))}
          />
        ))}
      </fieldset>
      <div className={styles.pair}>
        <Select
          label={t('Which events')}
          allowDeselect={false}
          data={shown(FROM)}
          value={from.kind}
          onChange={(kind) => setFrom(startOf(kind as RecordFrom['kind']))}
        />
        <NumberInput
          label={t('At most, of each topic')}
          min={1}
          max={MOST_RECORDED}
          value={limit}
          onChange={(value) => setLimit(Math.min(MOST_RECORDED, Math.max(1, Number(value) || 1)))}
        />
      </div>
      <FromInput from={from} onChange={setFrom} />
      <div className={styles.pair}>
        <TextInput
          label={t('Only this key')}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <TextInput
          label={t('Only events that meet')}
          placeholder="total > 100"
          spellCheck={false}
          error={wrong}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <MultiSelect
        label={t('Mask')}
        description={t('Other values stand in their place, the same one for the same value.')}
        searchable
        data={names}
        value={masked}
        onChange={setMasked}
      />
      {record.error && (
        <Notice tone="err" urgent>
          {wordsOf(record.error)}
        </Notice>
      )}
      {nothing !== null && (
        <Notice tone="warn" urgent>
          {nothing === 0
            ? t('There are no events there. Choose an earlier time or offset, or wait until some arrive.')
            : t(
                'None of the {nothing} events that were read has this key and meets the condition. Read more, or ask for less.',
                { nothing },
              )}
        </Notice>
      )}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('Cancel')}
        </Button>
        <Button type="submit" loading={record.isPending} disabled={wrong !== null || chosen.size === 0}>
          {t('Record')}
        </Button>
      </div>
    </form>
  )
}

function FromInput({
  from,
  onChange,
}: {
  readonly from: RecordFrom
  readonly onChange: (from: RecordFrom) => void
}) {
  if (from.kind === 'time') {
    return (
      <TextInput
        label={t('From this time on')}
        type="datetime-local"
        step={1}
        value={from.time}
        onChange={(event) => onChange({ kind: 'time', time: event.currentTarget.value })}
      />
    )
  }
  if (from.kind !== 'offset') return null
  return (
    <div className={styles.pair}>
      <NumberInput
        label={t('Partition')}
        min={0}
        value={from.partition}
        onChange={(value) => onChange({ ...from, partition: Number(value) || 0 })}
      />
      <NumberInput
        label={t('From this offset on')}
        min={0}
        value={from.offset}
        onChange={(value) => onChange({ ...from, offset: Number(value) || 0 })}
      />
    </div>
  )
}

function startOf(kind: RecordFrom['kind']): RecordFrom {
  if (kind === 'time') return { kind, time: '' }
  return kind === 'offset' ? { kind, partition: 0, offset: 0 } : { kind: 'latest' }
}

/** The fields of the records that go to a node: what a source gives, or what a reference is said to hold. */
function useFieldsOf(): (nodeId: string) => readonly Field[] {
  const schemas = useFacts(({ analysis }) => analysis.schemas)
  return (nodeId) => schemas.get(nodeId)?.outputs.out?.fields ?? []
}

/** Fields as the settings of a source list them, with their tags. */
function declaredFields(config: { readonly [name: string]: unknown }): readonly { readonly name: string }[] {
  const { fields } = config
  if (!Array.isArray(fields)) return []
  return fields.filter((field): field is { name: string } => typeof field?.name === 'string')
}

function toggled(set: ReadonlySet<string>, member: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set)
  if (isIn) next.add(member)
  else next.delete(member)
  return next
}
