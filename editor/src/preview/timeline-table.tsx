import { formatCount } from '../format/numbers.ts'
import { formatClock, formatDuration, formatIso } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import styles from './timeline.module.css'
import type { Timeline } from './timeline.ts'

/** The same as the drawing, in words and figures. */
export function TimelineTable({ timeline, wait }: { readonly timeline: Timeline; readonly wait: number }) {
  const { windows, lanes } = timeline
  const late = lanes.flatMap(({ label, dots }) =>
    dots.flatMap(({ time, lateBy }) => (lateBy === null ? [] : [{ label, time, lateBy }])),
  )
  const hasLanes = windows.some(({ lane }) => lane !== null)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.tables} tabIndex={0}>
      <table aria-label={t('Windows')}>
        <thead>
          <tr>
            {hasLanes && <th>{t('Group')}</th>}
            <th>{t('From')}</th>
            <th>{t('To')}</th>
            <th className="right">{t('Events')}</th>
            <th>{t('State')}</th>
          </tr>
        </thead>
        <tbody>
          {windows.map(({ start, end, lane, events, isOpen }) => (
            <tr key={`${start} ${end} ${lane}`}>
              {hasLanes && <td>{lane === null ? '' : lanes[lane]?.label}</td>}
              <td className="num" title={formatIso(start)}>
                {formatClock(start)}
              </td>
              <td className="num" title={formatIso(end)}>
                {formatClock(end)}
              </td>
              <td className="num right">{formatCount(events)}</td>
              <td>{isOpen ? t('open, final at {end}', { end: formatClock(end + wait) }) : t('final')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {late.length > 0 && (
        <table aria-label={t('Late events')}>
          <thead>
            <tr>
              <th>{t('Group')}</th>
              <th>{t('Event time')}</th>
              <th className="right">{t('Late by')}</th>
            </tr>
          </thead>
          <tbody>
            {late.map(({ label, time, lateBy }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events have no name but their place
              <tr key={i}>
                <td>{label || t('all')}</td>
                <td className="num">{formatClock(time)}</td>
                <td className="num right">{formatDuration(lateBy)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}
