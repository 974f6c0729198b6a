import type { ExpectationResult, RowDifference, RowText } from '@millrace/engine'
import { formatIso } from '../format/times.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import styles from './tests.module.css'

/** Rows of differences that are shown. */
const SHOWN = 20

/** What an expectation found: a sentence, and expected against actual by row and field. */
export function Differences({ result }: { readonly result: ExpectationResult }) {
  const { passed, message, differences } = result
  return (
    <div className={styles.found}>
      <p className={passed ? styles.ok : styles.err}>{message}</p>
      {differences.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.differences}>
            <thead>
              <tr>
                <th>{t('Row')}</th>
                <th>{t('Field')}</th>
                <th>{t('Expected')}</th>
                <th>{t('Actual')}</th>
              </tr>
            </thead>
            <tbody>{differences.slice(0, SHOWN).flatMap((difference, i) => rowsOf(difference, i + 1))}</tbody>
          </table>
        </div>
      )}
      {differences.length > SHOWN && (
        <p className="caption">{t('And {differences} more.', { differences: differences.length - SHOWN })}</p>
      )}
    </div>
  )
}

const WORDS = {
  missing: msg('missing'),
  unexpected: msg('unexpected'),
  different: msg('different'),
  failing: msg('does not meet it'),
} as const satisfies Record<RowDifference['kind'], Message>

function rowsOf(difference: RowDifference, at: number) {
  const title = `${at}: ${t(WORDS[difference.kind])}`
  if (difference.kind !== 'different') {
    const isMissing = difference.kind === 'missing'
    const text = lineOf(isMissing ? difference.expected : difference.actual)
    const reason = difference.kind === 'failing' ? difference.reason : ''
    return [
      <tr key={at}>
        <td>{title}</td>
        <td>{reason || t('the whole row')}</td>
        <td>{isMissing && <del className={styles.expected}>{text}</del>}</td>
        <td>{!isMissing && <ins className={styles.actual}>{text}</ins>}</td>
      </tr>,
    ]
  }
  const { expected, actual, paths } = difference
  return paths.map((path, i) => (
    <tr key={`${at} ${path}`}>
      <td title={lineOf(actual)}>{i === 0 ? title : ''}</td>
      <td>{path === '@time' ? t('event time') : path}</td>
      <td>
        <del className={styles.expected}>{shownValue(expected, path)}</del>
      </td>
      <td>
        <ins className={styles.actual}>{shownValue(actual, path)}</ins>
      </td>
    </tr>
  ))
}

function shownValue({ values, at }: RowText, path: string): string {
  if (path === '@time') return at === null ? '–' : formatIso(at)
  return Object.hasOwn(values, path) ? (values[path] ?? '') : '–'
}

function lineOf({ values }: RowText): string {
  return Object.entries(values)
    .map(([path, text]) => `${path} ${text}`)
    .join(', ')
}
