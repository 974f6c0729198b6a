import type { NodeKind } from '@millrace/graph'
import { useStore } from 'zustand'
import card from '../canvas/card.module.css'
import { formatCount } from '../format/numbers.ts'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'

/** The last line of a card: what the sample did in this node. */
export function SampleFooter({ nodeId, kind }: { readonly nodeId: string; readonly kind: NodeKind }) {
  const { preview } = useWorkspace()
  const counts = useStore(preview.store, (state) => state.counts.get(nodeId))
  if (counts === undefined) {
    return (
      <div className={card.foot}>
        <span className={card.quiet}>no sample</span>
      </div>
    )
  }
  return (
    <div className={card.foot}>
      {kind !== 'source' && <span data-count="in">{formatCount(counts.in)}</span>}
      <Icon name="arrow" size={10} label="out" />
      {kind === 'sink' ? (
        <span className={card.quiet}>not written</span>
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
    return <span className={`${card.special} ${card.errors}`}>{formatCount(errors)} err</span>
  }
  if (late > 0) return <span className={card.special}>{formatCount(late)} late</span>
  if (dropped > 0) {
    return (
      <span className={card.special} data-count="dropped">
        −{formatCount(dropped)}
      </span>
    )
  }
  return null
}
