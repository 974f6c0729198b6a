import type { DeadLetter, NodePreview, PreviewRow } from '@millrace/engine'
import type { Field, Row } from '@millrace/expr'
import { MASK } from '@millrace/graph'
import { useState } from 'react'
import { formatCount } from '../format/numbers.ts'
import { t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { droppedByCause } from './fates.ts'
import { formatValue } from './format-value.ts'
import styles from './preview.module.css'

const SHOWN_ROWS = 20

/** What the list at the right may be told. */
export interface SideListProps {
  readonly preview: NodePreview
  /** By input: what the rows are that came in. */
  readonly inputs: readonly RowShape[]
  /** What the rows are that came too late. */
  readonly late: RowShape
}

/** What rows hold, and which of it is not shown. */
interface RowShape {
  readonly fields: readonly Field[] | null
  readonly sensitive?: ReadonlySet<string> | undefined
}

/** What did not come out of a node: dropped by cause, late, and errors. */
export function SideList({ preview, inputs, late: lateShape }: SideListProps) {
  const { counts, late, errors } = preview
  const hasAny = counts.dropped + counts.late + counts.errors > 0
  return (
    <section aria-label={t('Dropped, late and errors')} className={styles.side}>
      <h2>
        {t('Dropped')} <span className="second num">{formatCount(counts.dropped)}</span>
      </h2>
      {droppedByCause(preview).map(({ cause, input, rows }) => (
        <Group
          key={`${cause}/${input}`}
          chip={cause}
          count={rows.length}
          rows={rows}
          shape={inputs[input] ?? UNKNOWN}
        />
      ))}
      {counts.late > 0 && <Group chip="late" count={counts.late} rows={late} shape={lateShape} />}
      {[...Map.groupBy(errors, ({ code }) => code)].map(([code, letters]) => (
        <ErrorGroup key={code} letters={letters} />
      ))}
      {!hasAny && <p className="caption">{t('Nothing was dropped, late or wrong.')}</p>}
    </section>
  )
}

const UNKNOWN: RowShape = { fields: null }

interface GroupProps {
  readonly chip: string
  readonly count: number
  readonly rows: readonly PreviewRow[]
  readonly shape: RowShape
}

function Group({ chip, count, rows, shape }: GroupProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={styles.group}>
      <div className="row">
        <Chip small>{chip}</Chip>
        <b className="num">{formatCount(count)}</b>
        <span className="grow" />
        <button type="button" className={styles.link} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('Hide') : t('Show')}
        </button>
      </div>
      {isOpen && (
        <ul className={styles.examples}>
          {rows.slice(0, SHOWN_ROWS).map(({ row }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place
            <li key={i} className="mono ellipsis">
              {lineOf(row, shape)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function lineOf(row: Row, { fields, sensitive }: RowShape): string {
  return (fields ?? [])
    .map((field, at) => (sensitive?.has(field.name) ? MASK : formatValue(row[at] ?? null, field.type)))
    .join(' · ')
}

function ErrorGroup({ letters }: { readonly letters: readonly DeadLetter[] }) {
  const [first] = letters
  if (first === undefined) return null
  const { message, origin } = first
  return (
    <div className={styles.group}>
      <div className="row">
        <Chip small tone="err" icon="err">
          {t('error')}
        </Chip>
        <b className="num">{formatCount(letters.length)}</b>
      </div>
      <p className="small second">{message}</p>
      {origin && (
        <p className="caption">
          {t('first at {topic}/{partition}/{offset}; when it runs, such events go to dead letters', {
            topic: origin.topic,
            partition: origin.partition,
            offset: origin.offset,
          })}
        </p>
      )}
    </div>
  )
}
