import type { NodeKind } from '@millrace/graph'
import { useStore } from 'zustand'
import card from '../canvas/card.module.css'
import { formatCount } from '../format/numbers.ts'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'

/** The last line of a card: what the sample did in this node. */
export function SampleFooter({ nodeId, kind }: { readonly nodeId: string; readonly kind: NodeKind }) {
  const { preview } = useWorkspace()
  const counts = useStore(preview.store, (state) => state.counts.get(nodeId))
  if (counts === undefined) {
    return (
      <div className={card.foot}>
        <span className={card.quiet}>{t('no sample')}</span>
      </div>
    )
  }
  return (
    <div className={card.foot}>
      {kind !== 'source' && <span data-count="in">{formatCount(counts.in)}</span>}
      <Icon name="arrow" size={10} label={t('out')} />
      {kind === 'sink' ? (
        <span className={card.quiet}>{t('not written')}</span>
      ) : (
        <span data-count="out">{formatCount(counts.out)}</span>
      )}
      <Special counts={counts} />
    </div>
  )
}

interface Counts {
  readonly dropped: number
  readonly late: number
  readonly errors: number
}

/** What is special about the node: errors before late events before what was dropped. */
function Special({ counts: { dropped, late, errors } }: { readonly counts: Counts }) {
  if (errors > 0) {
    return (
      <span className={`${card.special} ${card.errors}`}>
        {t('{errors} err', { errors: formatCount(errors) })}
      </span>
    )
  }
  if (late > 0) return <span className={card.special}>{t('{late} late', { late: formatCount(late) })}</span>
  if (dropped > 0) {
    return (
      <span className={card.special} data-count="dropped">
        −{formatCount(dropped)}
      </span>
    )
  }
  return null
}
