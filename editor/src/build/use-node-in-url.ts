import { findNode } from '@millrace/graph'
import { useEffect, useRef } from 'react'
import { useLocation, useSearchParams } from 'react-router'
import { t } from '../i18n/t.ts'
import { onlySelected } from '../workspace/view-store.ts'
import { useView, useWorkspace } from '../workspace/workspace.ts'

/** Marks addresses that follow the selection: the selection does not follow them. */
const BY_SELECTION = { bySelection: true }

/** Keeps the selected node in the address, so that a link leads to it; a link that is followed selects its node. */
export function useNodeInUrl(): void {
  const { view, document } = useWorkspace()
  const selected = useView(onlySelected)
  const { key, state } = useLocation()
  const [params, setParams] = useSearchParams()
  const named = params.get('node')
  const lastKey = useRef<string | null>(null)
  useEffect(() => {
    const isFollowed = key !== lastKey.current && state?.bySelection !== true
    lastKey.current = key
    if (named === selected) return
    if (isFollowed && named !== null) {
      if (findNode(document.getState().graph, named)) {
        view.reveal(named)
        return
      }
      view.announce(t('There is no node {named} in this pipeline.', { named }))
    }
    setParams(selected === null ? {} : { node: selected }, { replace: true, state: BY_SELECTION })
  }, [named, selected, key, state, setParams, view, document])
}
