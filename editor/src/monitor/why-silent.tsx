import { Button } from '@mantine/core'
import { findNode } from '@millrace/graph'
import { useMemo } from 'react'
import { Link } from 'react-router'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { explainSilence } from './explain-silence.ts'
import { isTimed } from './held-back.ts'
import { useLive } from './monitor-context.ts'

/** Of a node that goes by event time: what holds its watermark, and when its next window becomes final. */
export function WhySilent({ nodeId }: { readonly nodeId: string }) {
  const { nodeTypes, pipelineId } = useWorkspace()
  const draft = useDocument(({ graph }) => graph)
  const live = useFacts((facts) => facts.live?.graph)
  const graph = live ?? draft
  const moment = useLive(({ now }) => now)
  const past = useLive((state) => state.past)
  const goesByTime = isTimed(nodeTypes.runtimes, findNode(graph, nodeId)?.type ?? '')
  const silence = useMemo(
    () => (goesByTime && moment !== null ? explainSilence(graph, nodeId, moment, past) : null),
    [goesByTime, graph, nodeId, moment, past],
  )
  if (silence === null) return null
  return (
    <Notice
      tone={silence.isHeld ? 'accent' : 'neutral'}
      action={
        silence.sourceId && (
          <Button
            component={Link}
            to={`/pipelines/${pipelineId}?node=${silence.sourceId}`}
            size="xs"
            variant="default"
          >
            {t('Change “Idle after”')}
          </Button>
        )
      }
    >
      {silence.isHeld && <b>{t('Why is this node silent?')} </b>}
      {silence.words}
    </Notice>
  )
}
