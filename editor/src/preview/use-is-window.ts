import { onlySelected } from '../workspace/view-store.ts'
import { useFacts, useView } from '../workspace/workspace.ts'
import { isWindowed } from './timeline.ts'

/** True where the one selected node makes windows: it has a timeline. */
export function useIsWindow(): boolean {
  const nodeId = useView(onlySelected)
  return useFacts(({ analysis }) => {
    const schemas = nodeId === null ? undefined : analysis.schemas.get(nodeId)
    const [input] = Object.values(schemas?.inputs ?? {})
    const output = schemas?.outputs.out
    return !!input && !!output && isWindowed(input.fields, output.fields)
  })
}
