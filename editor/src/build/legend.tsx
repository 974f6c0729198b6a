import card from '../canvas/card.module.css'
import { type Message, msg, t } from '../i18n/t.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import type { PublishMark } from '../workspace/publish-marks.ts'
import { useFacts, useWorkspace } from '../workspace/workspace.ts'
import styles from './canvas.module.css'

interface MarkLook {
  readonly icon: IconName
  readonly tone: string | undefined
  readonly words: Message
}

/** The shape of each publish mark; the words also say it to screen readers. */
export const MARK_LOOKS: { readonly [Mark in PublishMark]: MarkLook } = {
  unsaved: { icon: 'pen', tone: card.toneAccent, words: msg('unsaved') },
  saved: { icon: 'half', tone: card.toneAccent, words: msg('saved, not published') },
  live: { icon: 'live', tone: card.toneMute, words: msg('live') },
}

/** How many nodes carry each mark: together all of them. A click shows what differs. */
export function Legend() {
  const { view } = useWorkspace()
  const marks = useFacts((facts) => facts.marks)
  const version = useFacts(({ live }) => live?.version)
  const counts = Map.groupBy(marks.values(), (mark) => mark)
  if (marks.size === 0) return null
  return (
    <button
      type="button"
      className={styles.legend}
      title={t('Show what is not saved or not published (D)')}
      onClick={() => view.showChanges()}
    >
      {(Object.keys(MARK_LOOKS) as PublishMark[]).map((mark) => {
        const count = counts.get(mark)?.length ?? 0
        if (count === 0) return null
        const { icon, tone, words } = MARK_LOOKS[mark]
        return (
          <span key={mark}>
            <Icon name={icon} size={13} className={tone} />
            {count} {t(words)}
            {mark === 'live' && version !== undefined && ` ${t('in v{version}', { version })}`}
          </span>
        )
      })}
    </button>
  )
}
