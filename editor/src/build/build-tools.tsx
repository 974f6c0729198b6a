import { Tool } from '../canvas/zoom-tools.tsx'
import { t } from '../i18n/t.ts'
import { useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import { useMiddle } from './use-middle.ts'
import { useTidy } from './use-tidy.ts'

/** What is done with the whole canvas, beside zoom and fit. */
export function BuildTools() {
  const { view } = useWorkspace()
  const { actions, parts } = useBuild()
  const middle = useMiddle()
  const tidy = useTidy(actions)
  const isOutlineOpen = useView((state) => state.isOutlineOpen)
  return (
    <>
      <Tool icon="layout" label={t('Lay out the selected nodes, or all (L)')} onClick={tidy} />
      <Tool
        icon="tree"
        label={t('Outline (O)')}
        isPressed={isOutlineOpen}
        onClick={() => view.setState({ isOutlineOpen: !isOutlineOpen })}
      />
      <Tool icon="note" label={t('Add a note (T)')} onClick={() => parts.addNote(middle())} />
    </>
  )
}
