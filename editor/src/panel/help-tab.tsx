import { lazy, Suspense } from 'react'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { useWorkspace } from '../workspace/workspace.ts'

const LiveExampleView = lazy(async () => ({
  default: (await import('../help/live-example-view.tsx')).LiveExampleView,
}))

/** What the node type does, when to use it and when not, and an example to play with. */
export function HelpTab({ type }: { readonly type: string }) {
  const text = useWorkspace().nodeTypes.help(type)
  if (text === undefined) {
    return (
      <EmptyState icon="help" title={t('No help')}>
        {t('There is no help on the node type “{type}”.', { type })}
      </EmptyState>
    )
  }
  return (
    <>
      <Markdown text={text} />
      <Suspense>
        <LiveExampleView type={type} />
      </Suspense>
    </>
  )
}
