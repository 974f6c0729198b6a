import { ActionIcon, Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { testSources } from '@millrace/engine'
import { type EventStep, isEventStep, type PipelineTest, type TestStep } from '@millrace/graph'
import { useState } from 'react'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useDocument, useWorkspace } from '../workspace/workspace.ts'
import { readEventValue, replaceAt, valueText } from './edit-tests.ts'
import type { PatchTest } from './test-detail.tsx'
import styles from './tests.module.css'

/** Rows that are shown at once: people read no more, and text can be edited as text. */
const SHOWN = 50

/** The events of a test in order of arrival. */
export function StepTable({ test, patch }: { readonly test: PipelineTest; readonly patch: PatchTest }) {
  const { nodeTypes } = useWorkspace()
  const graph = useDocument((state) => state.graph)
  const sources = testSources(graph, nodeTypes.catalogue, nodeTypes.runtimes)
  const { steps } = test
  const set = (next: readonly TestStep[], label: string) => patch({ steps: next }, label)
  const generators = new Set(sources.filter(({ kind }) => kind === 'generator').map(({ node }) => node.id))
  const targets = sources.map(({ node, kind }) => ({
    value: node.id,
    label: kind === 'reference' ? t('{label} (looked up)', { label: node.label }) : node.label,
  }))
  const add = () => {
    const to = sources[0]?.node.id
    if (to === undefined) return
    set([...steps, generators.has(to) ? { to, generate: 10 } : { to, value: {} }], t('Add an event'))
  }
  const last = steps.findLast((step) => 'clock' in step || ('at' in step && step.at !== undefined))
  const addClock = () => {
    const before =
      last === undefined ? '2026-01-01T00:00:00Z' : 'clock' in last ? last.clock : (last as EventStep).at
    set([...steps, { clock: before ?? 0 }], t('Move the clock'))
  }
  return (
    <section className={styles.block} aria-label={t('Events')}>
      <h3>
        {t('Events, in order of arrival')} <span className="caption num">{steps.length}</span>
      </h3>
      {steps.length > 0 && (
        <table className={styles.steps}>
          <thead>
            <tr>
              <th>{t('Arrives')}</th>
              <th>{t('At')}</th>
              <th>{t('Key')}</th>
              <th>{t('Value')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {steps.slice(0, SHOWN).map((step, i) => (
              <StepRow
                // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name but their place
                key={i}
                step={step}
                at={i}
                targets={targets}
                generators={generators}
                onChange={(next) => set(replaceAt(steps, i, next), t('Edit event {i}', { i: i + 1 }))}
                onRemove={() => set(replaceAt(steps, i), t('Remove an event'))}
              />
            ))}
          </tbody>
        </table>
      )}
      {steps.length > SHOWN && (
        <p className="caption">
          {t('And {steps} more: edit the test as text to change them.', { steps: steps.length - SHOWN })}
        </p>
      )}
      <div className="row">
        <Button size="xs" variant="default" disabled={sources.length === 0} onClick={add}>
          {t('Add an event')}
        </Button>
        <Button size="xs" variant="default" onClick={addClock}>
          {t('Move the clock')}
        </Button>
        {sources.length === 0 && (
          <span className="caption">{t('Set up a source first: events need a place to go.')}</span>
        )}
      </div>
    </section>
  )
}

interface StepRowProps {
  readonly step: TestStep
  readonly at: number
  readonly targets: readonly { readonly value: string; readonly label: string }[]
  readonly generators: ReadonlySet<string>
  readonly onChange: (step: TestStep) => void
  readonly onRemove: () => void
}

function StepRow({ step, at, targets, generators, onChange, onRemove }: StepRowProps) {
  const name = t('event {at}', { at: at + 1 })
  return (
    <tr>
      <td>
        {'clock' in step ? (
          <TextInput
            size="xs"
            aria-label={t('Time of {name}', { name })}
            value={String(step.clock)}
            onChange={(event) => onChange({ clock: timeOf(event.currentTarget.value) ?? 0 })}
          />
        ) : (
          isEventStep(step) && (
            <TextInput
              size="xs"
              aria-label={t('Time of {name}', { name })}
              placeholder={t('as before')}
              value={step.at === undefined ? '' : String(step.at)}
              onChange={(event) => onChange(withTime(step, event.currentTarget.value))}
            />
          )
        )}
      </td>
      <td>
        {'clock' in step ? (
          <span className="caption">{t('the clock moves')}</span>
        ) : (
          <Select
            size="xs"
            aria-label={t('Source of {name}', { name })}
            allowDeselect={false}
            data={targets as { value: string; label: string }[]}
            value={step.to}
            onChange={(to) => to && onChange(generators.has(to) ? { to, generate: 10 } : { to, value: {} })}
          />
        )}
      </td>
      <td>
        {isEventStep(step) && (
          <TextInput
            size="xs"
            aria-label={t('Key of {name}', { name })}
            value={step.key ?? ''}
            onChange={(event) => onChange({ ...step, key: event.currentTarget.value || null })}
          />
        )}
      </td>
      <td className={styles.value}>
        {'generate' in step && (
          <NumberInput
            size="xs"
            aria-label={t('Number of {name}', { name })}
            min={1}
            max={10_000}
            suffix={` ${t('generated events')}`}
            value={step.generate}
            onChange={(value) => onChange({ ...step, generate: Number(value) || 1 })}
          />
        )}
        {isEventStep(step) && <ValueInput step={step} name={name} onChange={onChange} />}
      </td>
      <td>
        <ActionIcon size="xs" variant="subtle" aria-label={t('Remove {name}', { name })} onClick={onRemove}>
          <Icon name="x" size={12} />
        </ActionIcon>
      </td>
    </tr>
  )
}

interface ValueInputProps {
  readonly step: EventStep
  readonly name: string
  readonly onChange: (step: EventStep) => void
}

/** Keeps the text as it is typed: what is half typed is no JSON yet. */
function ValueInput({ step, name, onChange }: ValueInputProps) {
  const [typed, setTyped] = useState<string | null>(null)
  if (step.base64 !== undefined) return <span className="caption">{t('Bytes that are no text')}</span>
  return (
    <Textarea
      size="xs"
      aria-label={t('Value of {name}', { name })}
      autosize
      minRows={1}
      maxRows={4}
      spellCheck={false}
      placeholder={t('Empty: a deletion')}
      classNames={{ input: styles.code ?? '' }}
      value={typed ?? valueText(step)}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        onChange({ ...step, value: readEventValue(event.currentTarget.value) ?? null })
      }}
      onBlur={() => setTyped(null)}
    />
  )
}

function withTime({ at: _, ...step }: EventStep, text: string): EventStep {
  const at = timeOf(text)
  return at === undefined ? step : { ...step, at }
}

function timeOf(text: string): number | string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed
}
