import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { onlySelected } from '../workspace/view-store.ts'
import { useView } from '../workspace/workspace.ts'

/** Keeps the selected node in the address, so that a link leads to it. */
export function useNodeInUrl(): void {
  const selected = useView(onlySelected)
  const [params, setParams] = useSearchParams()
  const named = params.get('node')
  useEffect(() => {
    if (named === selected) return
    setParams(selected === null ? {} : { node: selected }, { replace: true })
  }, [named, selected, setParams])
}
