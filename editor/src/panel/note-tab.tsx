import { Textarea } from '@mantine/core'
import type { GraphNode } from '@millrace/graph'
import { t } from '../i18n/t.ts'
import { useWorkspace } from '../workspace/workspace.ts'

/** A note for colleagues. */
export function NoteTab({ node }: { readonly node: GraphNode }) {
  const { document } = useWorkspace()
  return (
    <Textarea
      label={t('Note for colleagues')}
      description={t('Why this node is here, what to watch out for. It changes nothing that runs.')}
      size="sm"
      autosize
      minRows={5}
      maxRows={20}
      maxLength={10_000}
      value={node.note}
      onBlur={() => document.closeStep()}
      onChange={(event) =>
        document.edit(
          { kind: 'set-note', nodeId: node.id, note: event.currentTarget.value },
          { label: t('Write a note'), fold: `note:${node.id}` },
        )
      }
    />
  )
}
