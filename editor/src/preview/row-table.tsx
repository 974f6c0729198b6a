import { intersects, type Lineage, type PreviewRow } from '@millrace/engine'
import type { Field, Value } from '@millrace/expr'
import { MASK } from '@millrace/graph'
import { formatClock, formatIso } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { type Fate, type Fates, originKey } from './fates.ts'
import { formatFull, formatValue, isNumeric } from './format-value.ts'
import styles from './preview.module.css'
import { useVirtualRows } from './use-virtual-rows.ts'

const ROW_HEIGHT = 27

/** What a table of rows may be told. */
export interface RowTableProps {
  readonly rows: readonly PreviewRow[]
  /** Null while the fields are unknown. */
  readonly fields: readonly Field[] | null
  /** Set where each row shows what became of it. */
  readonly fates: Fates | null
  /** Why there are no rows, in words. */
  readonly empty: string
  /** Names of fields whose values are not shown. */
  readonly sensitive?: ReadonlySet<string> | undefined
  /** Where rows can be followed. */
  readonly following?: Following | undefined
}

/** Which rows are followed, and how to follow one. */
export interface Following {
  readonly events: Lineage
  /** Null ends it. */
  readonly onFollow: (row: PreviewRow | null) => void
}

/** Rows of the sample, one a line; however many there are, only those in sight are in the DOM. */
export function RowTable({ rows, fields, fates, empty, sensitive, following }: RowTableProps) {
  const { from, to, above, below, onScroll } = useVirtualRows(rows.length, ROW_HEIGHT)
  if (fields === null) return <EmptyState title={t('The fields are not known yet')} />
  if (rows.length === 0) return <EmptyState title={t('No rows')}>{empty}</EmptyState>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.scroll} onScroll={onScroll} tabIndex={0}>
      <table className={styles.rows} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th>{t('event time')}</th>
            {fields.map(({ name, type }) => (
              <th key={name} className={isNumeric(type) ? 'right' : undefined}>
                {name}
              </th>
            ))}
            {fates && (
              <th className={styles.fate}>
                <span className="visually-hidden">{t('What became of it')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {rows.slice(from, to).map((row, i) => (
            <TableRow
              key={originKey(row.origin) ?? `row ${from + i}`}
              index={from + i}
              row={row}
              fields={fields}
              sensitive={sensitive}
              following={following}
              fate={fates && (fates.get(originKey(row.origin) ?? '') ?? 'through')}
            />
          ))}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  )
}

interface TableRowProps {
  readonly index: number
  readonly row: PreviewRow
  readonly fields: readonly Field[]
  readonly fate: Fate | 'through' | null
  readonly sensitive: ReadonlySet<string> | undefined
  readonly following: Following | undefined
}

function TableRow({ index, row, fields, fate, sensitive, following }: TableRowProps) {
  const isGone = row.deleted || (fate !== null && fate !== 'through')
  const isFollowed = following !== undefined && intersects(row.events, following.events)
  const className = [isGone && styles.gone, isFollowed && styles.followed].filter(Boolean).join(' ')
  return (
    <tr className={className} aria-rowindex={index + 2}>
      <td className={`num ${styles.time}`} title={formatIso(row.time)}>
        {following && <FollowButton row={row} isFollowed={isFollowed} onFollow={following.onFollow} />}
        {formatClock(row.time)}
        {row.open && (
          <span className={styles.open} title={t('Still open in the live stream: more events may follow')}>
            <Icon name="idle" size={12} label={t('still open')} />
          </span>
        )}
        <Updates row={row} />
      </td>
      {fields.map((field, i) => (
        <Cell
          key={field.name}
          field={field}
          value={row.row[i] ?? null}
          isMasked={sensitive?.has(field.name) ?? false}
        />
      ))}
      {fate !== null && (
        <td className={`right ${styles.fate}`}>
          <FateMark fate={fate} />
        </td>
      )}
    </tr>
  )
}

/** What became of a row of an updating stream, whose last state is shown. */
function Updates({ row: { updates = 0, deleted } }: { readonly row: PreviewRow }) {
  if (updates === 0) return null
  const changes = `${updates} ${updates === 1 ? 'change' : 'changes'}`
  const words = deleted
    ? t('Deleted in the end, after {changes}', { changes })
    : t('The last state of this row, after {changes}', { changes })
  return (
    <span className={styles.updates} title={words}>
      {deleted ? t('deleted') : `×${updates + 1}`}
    </span>
  )
}

interface FollowButtonProps {
  readonly row: PreviewRow
  readonly isFollowed: boolean
  readonly onFollow: Following['onFollow']
}

function FollowButton({ row, isFollowed, onFollow }: FollowButtonProps) {
  return (
    <button
      type="button"
      className={styles.pin}
      aria-pressed={isFollowed}
      aria-label={isFollowed ? t('Follow no longer') : t('Follow through the pipeline')}
      title={isFollowed ? t('Follow no longer') : t('Follow through the pipeline')}
      disabled={row.events === null}
      onClick={() => onFollow(isFollowed ? null : row)}
    >
      <Icon name="pin" size={12} />
    </button>
  )
}

interface CellProps {
  readonly field: Field
  readonly value: Value
  readonly isMasked: boolean
}

function Cell({ field: { type }, value, isMasked }: CellProps) {
  if (isMasked) return <MaskedCell />
  const className = [
    isNumeric(type) && 'right num',
    value === null && styles.null,
    type.kind === 'string' && styles.text,
    (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct') && styles.nested,
  ].filter(Boolean)
  return (
    <td className={className.join(' ')} title={formatFull(value, type).slice(0, 2_000)}>
      <span className={styles.value}>{formatValue(value, type)}</span>
    </td>
  )
}

/** Says no more than that there is a value. */
function MaskedCell() {
  return (
    <td className={styles.masked} title={t('Sensitive: the value is not shown')}>
      {MASK}
    </td>
  )
}

function FateMark({ fate }: { readonly fate: Fate | 'through' }) {
  if (fate === 'through')
    return <Icon name="arrow" size={12} label={t('went through')} className={styles.through} />
  if (fate.kind === 'late')
    return (
      <Chip small icon="clock">
        {t('late')}
      </Chip>
    )
  if (fate.kind === 'failed') {
    return (
      <span title={fate.message}>
        <Chip small tone="err" icon="err">
          {t('error')}
        </Chip>
      </span>
    )
  }
  return (
    <Chip small icon="x">
      <span className={styles.cause} title={fate.cause}>
        {fate.cause}
      </span>
    </Chip>
  )
}
