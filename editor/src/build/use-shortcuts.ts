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
interface Shortcut extends KeyWords {
  readonly key: string
  readonly mod?: boolean
  /** 'any' for a character that some keyboards have on a shifted key. */
  readonly shift?: boolean | 'any'
  /** True where it also works while somebody types. */
  readonly everywhere?: boolean
  run(context: ShortcutContext): void
}

interface ShortcutContext {
  readonly workspace: Workspace
  readonly actions: BuildActions
  fit(): void
}

const removeSelection = ({ actions }: ShortcutContext) => actions.removeSelection()
const rejoin = ({ actions }: ShortcutContext) => actions.removeAndRejoin()
const redo = ({ workspace }: ShortcutContext) => workspace.document.redo()

// biome-ignore format: one key a row
const SHORTCUTS: readonly Shortcut[] = [
  { key: 'k', mod: true, everywhere: true, keys: 'Ctrl K', what: 'Search nodes, fields, actions and pipelines', run: ({ workspace }) => workspace.view.setState({ cover: 'search' }) },
  { key: '?', shift: 'any', keys: '?', what: 'Show this sheet', run: ({ workspace }) => workspace.view.setState({ cover: 'keys' }) },
  { key: 'n', keys: 'N', what: 'Add a node', run: ({ workspace }) => workspace.view.setState({ picker: { kind: 'add' } }) },
  { key: 's', mod: true, everywhere: true, keys: 'Ctrl S', what: 'Save the draft', run: ({ workspace }) => void workspace.saver.flush() },
  { key: 'z', mod: true, keys: 'Ctrl Z', what: 'Undo', run: ({ workspace }) => workspace.document.undo() },
  { key: 'z', mod: true, shift: true, keys: 'Ctrl Shift Z', what: 'Redo', run: redo },
  { key: 'y', mod: true, keys: 'Ctrl Y', what: 'Redo', run: redo },
  { key: 'd', mod: true, keys: 'Ctrl D', what: 'Duplicate what is selected', run: ({ actions }) => actions.duplicateSelection() },
  { key: 'a', mod: true, keys: 'Ctrl A', what: 'Select all nodes', run: ({ workspace }) => selectAll(workspace) },
  { key: 'escape', keys: 'Escape', what: 'Select nothing', run: ({ workspace }) => workspace.view.select([]) },
  { key: 'delete', keys: 'Delete', what: 'Delete what is selected', run: removeSelection },
  { key: 'backspace', keys: 'Backspace', what: 'Delete what is selected', run: removeSelection },
  { key: 'delete', mod: true, keys: 'Ctrl Delete', what: 'Delete nodes, and join what was around them', run: rejoin },
  { key: 'backspace', mod: true, keys: 'Ctrl Backspace', what: 'Delete nodes, and join what was around them', run: rejoin },
  { key: '1', mod: true, keys: 'Ctrl 1', what: 'Fit the pipeline into the canvas', run: ({ fit }) => fit() },
]

/** A key as people read it, with what it does; `Ctrl` is Cmd on a Mac. */
export interface KeyWords {
  readonly keys: string
  readonly what: string
}

/** Keys that the browser, the canvas or an input brings; the rest stands in the table of shortcuts. */
// biome-ignore format: one key a row
const OTHER_KEYS: readonly KeyWords[] = [
  { keys: 'Ctrl C', what: 'Copy what is selected, as text' },
  { keys: 'Ctrl X', what: 'Cut what is selected' },
  { keys: 'Ctrl V', what: 'Paste nodes, also from another pipeline or window' },
  { keys: 'Tab', what: 'Go to the next node, connection or field' },
  { keys: 'Enter', what: 'Select the node that has the focus' },
  { keys: 'Arrows', what: 'Move what is selected, with Shift in larger steps' },
  { keys: 'Shift drag', what: 'Select what lies in a box' },
  { keys: 'Ctrl click', what: 'Add a node to what is selected' },
  { keys: 'Ctrl Space', what: 'In an expression: suggest what can be written' },
  { keys: 'Ctrl .', what: 'In an expression: mend the mistake at the caret' },
  { keys: 'F8', what: 'In an expression: go to the next mistake' },
]

/** Every key of the Build page, for the sheet. */
export const ALL_KEYS: readonly KeyWords[] = [...SHORTCUTS, ...OTHER_KEYS]

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
      shortcut.key === key &&
      (shortcut.mod ?? false) === mod &&
      (shortcut.shift === 'any' || (shortcut.shift ?? false) === event.shiftKey),
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
