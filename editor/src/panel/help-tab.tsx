import { EmptyState } from '../ui/empty-state.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { useWorkspace } from '../workspace/workspace.ts'

/** What the node type does, when to use it and when not. */
export function HelpTab({ type }: { readonly type: string }) {
  const text = useWorkspace().nodeTypes.help(type)
  if (text === undefined) {
    return (
      <EmptyState icon="help" title="No help">
        There is no help on the node type “{type}”.
      </EmptyState>
    )
  }
  return <Markdown text={text} />
}
