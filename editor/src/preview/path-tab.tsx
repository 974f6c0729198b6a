import { Button } from '@mantine/core'
import type { PreviewRow } from '@millrace/engine'
import { sizeOf } from '@millrace/engine'
import type { Field } from '@millrace/expr'
import { findNode, MASK } from '@millrace/graph'
import { useStore } from 'zustand'
import { counted, formatCount } from '../format/numbers.ts'
import { formatClock } from '../format/times.ts'
import { rich } from '../i18n/rich.tsx'
import { t, tFrom } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import type { PathStep } from './follow-events.ts'
import { formatFull, formatValue } from './format-value.ts'
import styles from './path-tab.module.css'

/** Where the followed events went: node by node what came in, what came out, and which values changed. */
export function PathTab() {
  const { preview } = useWorkspace()
  const pin = useStore(preview.store, (state) => state.pin)
  const path = useStore(preview.store, (state) => state.path)
  const from = useDocument(({ graph }) => (pin === null ? undefined : findNode(graph, pin.nodeId)))
  if (pin === null) {
    return (
      <EmptyState icon="pin" title={t('No event is followed')}>
        {t(
          'Press the pin beside a row of the preview. You then see its way through the pipeline: which nodes it reached, its values before and after each, and where it ended.',
        )}
      </EmptyState>
    )
  }
  return (
    <div className={styles.path}>
      <div className="row">
        <span className="grow">
          {sizeOf(pin.events) === 1
            ? t('The event')
            : t('The {events} behind the row', { events: counted(sizeOf(pin.events), 'event') })}{' '}
          {rich('of {time}, pinned at', { time: <b className="num">{formatClock(pin.time)}</b> })}{' '}
          {from?.label ?? t('a node that is gone')}.
        </span>
        <Button size="xs" variant="default" onClick={() => preview.follows(null)}>
          {t('Follow no longer')}
        </Button>
      </div>
      {path !== null && (
        <ol className={styles.steps} aria-label={t('The way of the event')}>
          {path.map((step) => (
            <Step key={step.nodeId} step={step} />
          ))}
        </ol>
      )}
      {path?.length === 0 && (
        <p className="caption">{t('No node has it any more: the pipeline has changed. Pin another row.')}</p>
      )}
    </div>
  )
}

function Step({ step }: { readonly step: PathStep }) {
  const { view, nodeTypes } = useWorkspace()
  const node = useDocument(({ graph }) => findNode(graph, step.nodeId))
  const schemas = useFacts(({ analysis }) => analysis.schemas.get(step.nodeId))
  const sensitive = useFacts(({ analysis }) => analysis.sensitive.get(step.nodeId))
  const definition = nodeTypes.catalogue.get(node?.type ?? '')
  if (node === undefined || definition === undefined) return null
  const [before] = step.in.flatMap((rows, i) => {
    const name = definition.inputs[i]?.name ?? ''
    return rows
      .slice(0, 1)
      .map((row) => valuesOf(row, schemas?.inputs[name]?.fields, sensitive?.inputs[name]))
  })
  const after = step.out.flatMap((rows, i) => {
    const name = definition.outputs[i]?.name ?? ''
    return rows
      .slice(0, 3)
      .map((row) => valuesOf(row, schemas?.outputs[name]?.fields, sensitive?.outputs[name]))
  })
  return (
    <li className={styles.step}>
      <div className="row">
        <button type="button" className={styles.name} onClick={() => view.select([node.id])}>
          {node.label}
        </button>
        <span className="caption">{tFrom(definition.title)}</span>
        <Outcome step={step} kind={definition.kind} />
      </div>
      {definition.kind !== 'source' && before && <Values values={before} other={null} side="in" />}
      {definition.kind !== 'sink' &&
        after.map((values, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
          <Values key={i} values={values} other={before ?? null} side="out" />
        ))}
      {step.counts.out > after.length && (
        <p className="caption">
          {t('and {out} more rows', { out: formatCount(step.counts.out - after.length) })}
        </p>
      )}
    </li>
  )
}

function Outcome({ step, kind }: { readonly step: PathStep; readonly kind: string }) {
  const { counts, dropped, late } = step
  if (late) {
    return (
      <Chip small tone="warn" icon="clock">
        {t('came too late')}
      </Chip>
    )
  }
  if (dropped.length > 0) {
    return (
      <Chip small icon="x">
        {t('dropped: {dropped}', { dropped: dropped.join(', ') })}
      </Chip>
    )
  }
  if (kind === 'sink') return <Chip small>{t('would be written')}</Chip>
  if (counts.out === 0) return <Chip small>{t('nothing came of it')}</Chip>
  return counts.out > 1 ? <Chip small>{counted(counts.out, 'row')}</Chip> : null
}

interface Shown {
  readonly name: string
  readonly text: string
  readonly full: string
}

function valuesOf(
  { row }: PreviewRow,
  fields: readonly Field[] | undefined,
  sensitive: ReadonlySet<string> | undefined,
): readonly Shown[] {
  return (fields ?? []).map(({ name, type }, i) => {
    const value = row[i] ?? null
    if (sensitive?.has(name)) return { name, text: MASK, full: MASK }
    return { name, text: formatValue(value, type), full: formatFull(value, type) }
  })
}

interface ValuesProps {
  readonly values: readonly Shown[]
  /** What came in: what differs from it is set off. */
  readonly other: readonly Shown[] | null
  readonly side: 'in' | 'out'
}

function Values({ values, other, side }: ValuesProps) {
  const before = new Map(other?.map(({ name, full }) => [name, full]))
  return (
    <dl className={styles.values} aria-label={side === 'in' ? t('Before') : t('After')}>
      <span className={styles.side}>{side === 'in' ? t('in') : t('out')}</span>
      {values.map(({ name, text, full }) => {
        const isNew = other !== null && !before.has(name)
        const isChanged = isNew || (other !== null && before.get(name) !== full)
        return (
          <div key={name} className={isChanged ? styles.changed : undefined} title={full.slice(0, 2_000)}>
            <dt>
              {name}
              {isNew && <span className="visually-hidden"> {t('(new)')}</span>}
              {isChanged && !isNew && <span className="visually-hidden"> {t('(changed)')}</span>}
            </dt>
            <dd>{text}</dd>
          </div>
        )
      })}
    </dl>
  )
}
