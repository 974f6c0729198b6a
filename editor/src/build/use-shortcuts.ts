import { useReactFlow } from '@xyflow/react'
import { useEffect } from 'react'
import { FIT } from '../canvas/zoom-tools.tsx'
import { motionMs } from '../ui/motion.ts'
import { useWorkspace, type Workspace } from '../workspace/workspace.ts'
import type { BuildActions } from './build-actions.ts'

/** Where keys belong to what has the focus, not to the canvas. */
const TYPING =
  'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="listbox"], [role="menu"]'
const MODAL = '[role="dialog"][aria-modal="true"]'

/** A key with what it needs held down; `mod` is Ctrl, or Cmd on a Mac. */
interface Shortcut {
  readonly key: string
  readonly mod?: boolean
  readonly shift?: boolean
  /** True where it also works while somebody types. */
  readonly everywhere?: boolean
  run(context: ShortcutContext): void
}

interface ShortcutContext {
  readonly workspace: Workspace
  readonly actions: BuildActions
  fit(): void
}

const SHORTCUTS: readonly Shortcut[] = [
  { key: 's', mod: true, everywhere: true, run: ({ workspace }) => void workspace.saver.flush() },
  { key: 'z', mod: true, run: ({ workspace }) => workspace.document.undo() },
  { key: 'z', mod: true, shift: true, run: ({ workspace }) => workspace.document.redo() },
  { key: 'y', mod: true, run: ({ workspace }) => workspace.document.redo() },
  { key: 'd', mod: true, run: ({ actions }) => actions.duplicateSelection() },
  { key: 'a', mod: true, run: ({ workspace }) => selectAll(workspace) },
  { key: '1', mod: true, run: ({ fit }) => fit() },
  { key: 'delete', run: ({ actions }) => actions.removeSelection() },
  { key: 'backspace', run: ({ actions }) => actions.removeSelection() },
  { key: 'escape', run: ({ workspace }) => workspace.view.select([]) },
  { key: 'n', run: ({ workspace }) => workspace.view.setState({ picker: { kind: 'add' } }) },
]

function selectAll({ document, view }: Workspace): void {
  view.select(document.getState().graph.nodes.map(({ id }) => id))
}

/** The keys of the Build page. They stand down while somebody types or a dialog is open. */
export function useShortcuts(actions: BuildActions): void {
  const workspace = useWorkspace()
  const flow = useReactFlow()
  useEffect(() => {
    const fit = () => void flow.fitView({ ...FIT, duration: motionMs(160) })
    const onKey = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event)
      if (shortcut === undefined) return
      event.preventDefault()
      if (!event.repeat || shortcut.key === 'z' || shortcut.key === 'y')
        shortcut.run({ workspace, actions, fit })
    }
    const clipboard = clipboardHandlers(actions)
    window.addEventListener('keydown', onKey)
    for (const [name, handler] of clipboard) window.addEventListener(name, handler)
    return () => {
      window.removeEventListener('keydown', onKey)
      for (const [name, handler] of clipboard) window.removeEventListener(name, handler)
    }
  }, [workspace, actions, flow])
}

/** The shortcut that a key press stands for here and now, if any. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.defaultPrevented || event.altKey || document.querySelector(MODAL) !== null) return undefined
  const key = event.key.toLowerCase()
  const mod = event.ctrlKey || event.metaKey
  const found = SHORTCUTS.find(
    (shortcut) =>
      shortcut.key === key && (shortcut.mod ?? false) === mod && (shortcut.shift ?? false) === event.shiftKey,
  )
  return found?.everywhere || !isTyping(event.target) ? found : undefined
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null
}

type ClipboardEventName = 'copy' | 'cut' | 'paste'

/** Nodes travel as text, so that they can be pasted into another tab, a chat or a file. */
function clipboardHandlers(
  actions: BuildActions,
): readonly [ClipboardEventName, (event: ClipboardEvent) => void][] {
  const copy = (event: ClipboardEvent): boolean => {
    const isTextSelected = (getSelection()?.toString() ?? '') !== ''
    const text = isTyping(event.target) || isTextSelected ? null : actions.copySelection()
    if (text === null) return false
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    return true
  }
  return [
    ['copy', copy],
    ['cut', (event) => copy(event) && actions.removeSelection()],
    [
      'paste',
      (event) => {
        const text = isTyping(event.target) ? '' : (event.clipboardData?.getData('text/plain') ?? '')
        if (text !== '' && actions.paste(text)) event.preventDefault()
      },
    ],
  ]
}
