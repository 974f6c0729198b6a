import type { PipelineGraph } from '@millrace/graph'
import { useMemo } from 'react'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import { heldBack } from './held-back.ts'
import styles from './monitor.module.css'
import { useLive } from './monitor-context.ts'

/** While no node is selected: which nodes are silent, because of which partition. */
export function HeldBackNotes({ graph }: { readonly graph: PipelineGraph }) {
  const { nodeTypes, view } = useWorkspace()
  const moment = useLive(({ now }) => now)
  const past = useLive((state) => state.past)
  const held = useMemo(
    () => (moment === null ? [] : heldBack(graph, nodeTypes.runtimes, moment, past)),
    [graph, nodeTypes, moment, past],
  )
  return held.map(({ nodes, silence }) => (
    <Notice
      key={silence.sourceId}
      tone="accent"
      action={
        <button
          type="button"
          className={styles.link}
          onClick={() => view.select(nodes.slice(0, 1).map(({ id }) => id))}
        >
          {t('Show')}
        </button>
      }
    >
      <b>
        {nodes.length === 1
          ? t('{label} is silent.', { label: nodes[0]?.label })
          : t('{labels} are silent.', { labels: nodes.map(({ label }) => label).join(', ') })}
      </b>{' '}
      {silence.words}
    </Notice>
  ))
}
