import { t } from '../i18n/t.ts'
import type { DiffRow } from './describe-diff.ts'
import styles from './publish.module.css'

/** What a table of differences may be told. */
export interface DiffTableProps {
  readonly rows: readonly DiffRow[]
  readonly beforeTitle: string
  readonly afterTitle: string
  /** Makes the names of nodes buttons that lead to them. */
  readonly onNode?: (nodeId: string) => void
}

/** Differences, one a line; old values are struck as well as coloured. */
export function DiffTable({ rows, beforeTitle, afterTitle, onNode }: DiffTableProps) {
  return (
    <div className={styles.tableBox}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('Node')}</th>
            <th>{t('What')}</th>
            <th>{beforeTitle}</th>
            <th>{afterTitle}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ nodeId, node, field, before, after }) => (
            <tr key={`${nodeId} ${field} ${before} ${after}`}>
              <td className="strong">
                {onNode && nodeId !== null ? (
                  <button type="button" className={styles.node} onClick={() => onNode(nodeId)}>
                    {node}
                  </button>
                ) : (
                  node
                )}
              </td>
              <td className="second">{field}</td>
              <td>
                {before !== null && (
                  <del className={styles.before}>{before === '' ? t('empty') : before}</del>
                )}
              </td>
              <td>
                {after !== null && <ins className={styles.after}>{after === '' ? t('empty') : after}</ins>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
