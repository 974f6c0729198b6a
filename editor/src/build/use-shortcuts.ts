import { type Position, partsOf } from '@millrace/graph'
import { useReactFlow } from '@xyflow/react'
import { useEffect } from 'react'
import { FIT } from '../canvas/zoom-tools.tsx'
import { type Message, msg } from '../i18n/t.ts'
import { motionMs } from '../ui/motion.ts'
import { GRID } from '../workspace/places.ts'
import { onlySelected, onlyThing } from '../workspace/view-store.ts'
import { useWorkspace, type Workspace } from '../workspace/workspace.ts'
import type { BuildActions } from './build-actions.ts'
import { useBuild } from './build-context.ts'
import type { Direction } from './neighbours.ts'
import type { PartActions } from './part-actions.ts'
import { useMiddle } from './use-middle.ts'
import { useTidy } from './use-tidy.ts'

/** Where keys belong to what has the focus, not to the canvas. */
const TYPING =
  'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="listbox"], [role="menu"]'
/** Keys that do something again and again while they are held. */
const REPEATED = new Set(['z', 'y', 'arrowright', 'arrowleft', 'arrowup', 'arrowdown'])
const MODAL = '[role="dialog"][aria-modal="true"]'

/** A key with what it needs held down; `mod` is Ctrl, or Cmd on a Mac. */
interface Shortcut extends KeyWords {
  readonly key: string
  readonly mod?: boolean
  /** 'any' for a character that some keyboards have on a shifted key. */
  readonly shift?: boolean | 'any'
  readonly alt?: boolean
  /** True where it also works while somebody types. */
  readonly everywhere?: boolean
  /** True for a key that means something else elsewhere: it works on the canvas, or while nothing has the focus. */
  readonly onCanvas?: boolean
  /** False: it is not for this key after all, and the key goes on its way. */
  run(context: ShortcutContext): unknown
}

interface ShortcutContext {
  readonly workspace: Workspace
  readonly actions: BuildActions
  readonly parts: PartActions
  /** The middle of what is in view, as a place of the canvas. */
  middle(): Position
  fit(): void
  /** One step in, or out. */
  zoomBy(step: 1 | -1): void
  tidy(): void
}

const removeSelection = ({ actions }: ShortcutContext) => actions.removeSelection()
const rejoin = ({ actions }: ShortcutContext) => actions.removeAndRejoin()
const arrow = (direction: Direction) => (context: ShortcutContext) => {
  context.actions.selectNeighbour(direction)
  focusSelected(context.workspace)
}
const move = (x: number, y: number) => (context: ShortcutContext) => context.actions.moveBy({ x, y })
const resize = (x: number, y: number) => (context: ShortcutContext) => context.parts.resizeNotes({ x, y })
const redo = ({ workspace }: ShortcutContext) => workspace.document.redo()

// biome-ignore format: one key a row
const SHORTCUTS: readonly Shortcut[] = [
  { key: 'k', mod: true, everywhere: true, keys: 'Ctrl K', what: msg('Search nodes, fields, actions and pipelines'), run: ({ workspace }) => workspace.view.setState({ cover: 'search' }) },
  { key: '?', shift: 'any', keys: '?', what: msg('Show this sheet'), run: ({ workspace }) => workspace.view.setState({ cover: 'keys' }) },
  { key: 'n', keys: 'N', what: msg('Add a node'), run: ({ workspace }) => workspace.view.setState({ picker: { kind: 'add' } }) },
  { key: 's', mod: true, everywhere: true, keys: 'Ctrl S', what: msg('Save the draft'), run: ({ workspace }) => void workspace.saver.flush() },
  { key: 'z', mod: true, keys: 'Ctrl Z', what: msg('Undo'), run: ({ workspace }) => workspace.document.undo() },
  { key: 'z', mod: true, shift: true, keys: 'Ctrl Shift Z', what: msg('Redo'), run: redo },
  { key: 'y', mod: true, keys: 'Ctrl Y', what: msg('Redo'), run: redo },
  { key: 'd', mod: true, keys: 'Ctrl D', what: msg('Duplicate what is selected'), run: ({ actions }) => actions.duplicateSelection() },
  { key: 'a', mod: true, keys: 'Ctrl A', what: msg('Select everything'), run: ({ workspace }) => selectAll(workspace) },
  { key: 'escape', keys: 'Escape', what: msg('Select nothing'), run: ({ workspace }) => workspace.view.select([]) },
  { key: 'delete', keys: 'Delete', what: msg('Delete what is selected'), run: removeSelection },
  { key: 'backspace', keys: 'Backspace', what: msg('Delete what is selected'), run: removeSelection },
  { key: 'delete', mod: true, keys: 'Ctrl Delete', what: msg('Delete nodes, and join what was around them'), run: rejoin },
  { key: 'backspace', mod: true, keys: 'Ctrl Backspace', what: msg('Delete nodes, and join what was around them'), run: rejoin },
  { key: 'i', keys: 'I', what: msg('Insert a node into the selected connection'), run: insertIntoSelected },
  { key: 'c', keys: 'C', what: msg('Connect the selected node to …'), run: ({ workspace }) => workspace.view.setState({ cover: 'connect' }) },
  { key: 'l', keys: 'L', what: msg('Lay out the selected nodes, or all'), run: ({ tidy }) => tidy() },
  { key: 'o', keys: 'O', what: msg('Open or close the outline; arrows move in it, / finds a node'), run: ({ workspace: { view } }) => view.setState(({ isOutlineOpen }) => ({ isOutlineOpen: !isOutlineOpen })) },
  { key: 'd', keys: 'D', what: msg('Show what is not saved or not published, of the selected node or of all'), run: ({ workspace: { view } }) => view.showChanges(onlySelected(view.getState())) },
  { key: 'g', mod: true, keys: 'Ctrl G', what: msg('Group the selected nodes'), run: ({ parts }) => parts.groupSelection() },
  { key: 'g', mod: true, shift: true, keys: 'Ctrl Shift G', what: msg('Dissolve the selected group'), run: ({ parts }) => parts.ungroupSelection() },
  { key: 'g', keys: 'G', what: msg('Collapse or open the selected group'), run: ({ parts }) => parts.toggleSelection() },
  { key: 't', keys: 'T', what: msg('Add a note'), run: ({ parts, middle }) => parts.addNote(middle()) },
  { key: 'arrowright', mod: true, onCanvas: true, keys: 'Ctrl Right', what: msg('Make the selected note wider'), run: resize(GRID, 0) },
  { key: 'arrowleft', mod: true, onCanvas: true, keys: 'Ctrl Left', what: msg('Make the selected note narrower'), run: resize(-GRID, 0) },
  { key: 'arrowdown', mod: true, onCanvas: true, keys: 'Ctrl Down', what: msg('Make the selected note higher'), run: resize(0, GRID) },
  { key: 'arrowup', mod: true, onCanvas: true, keys: 'Ctrl Up', what: msg('Make the selected note lower'), run: resize(0, -GRID) },
  { key: 'f2', keys: 'F2', what: msg('Rename the selected node or group, write the selected note'), run: rename },
  { key: 'enter', onCanvas: true, keys: 'Enter', what: msg('Select the node that has the focus; once more: go to its settings'), run: openPanel },
  { key: 'arrowright', onCanvas: true, keys: 'Right', what: msg('Select the next node downstream'), run: arrow('right') },
  { key: 'arrowleft', onCanvas: true, keys: 'Left', what: msg('Select the next node upstream'), run: arrow('left') },
  { key: 'arrowup', onCanvas: true, keys: 'Up', what: msg('Select the node above'), run: arrow('up') },
  { key: 'arrowdown', onCanvas: true, keys: 'Down', what: msg('Select the node below'), run: arrow('down') },
  { key: 'arrowright', shift: true, onCanvas: true, keys: 'Shift Right', what: msg('Select all that the node feeds'), run: ({ actions }) => actions.selectStream('downstream') },
  { key: 'arrowleft', shift: true, onCanvas: true, keys: 'Shift Left', what: msg('Select all that feeds the node'), run: ({ actions }) => actions.selectStream('upstream') },
  { key: 'arrowright', alt: true, onCanvas: true, keys: 'Alt Right', what: msg('Move what is selected to the right'), run: move(GRID, 0) },
  { key: 'arrowleft', alt: true, onCanvas: true, keys: 'Alt Left', what: msg('Move what is selected to the left'), run: move(-GRID, 0) },
  { key: 'arrowup', alt: true, onCanvas: true, keys: 'Alt Up', what: msg('Move what is selected up'), run: move(0, -GRID) },
  { key: 'arrowdown', alt: true, onCanvas: true, keys: 'Alt Down', what: msg('Move what is selected down'), run: move(0, GRID) },
  { key: '+', shift: 'any', keys: '+', what: msg('Zoom in'), run: ({ zoomBy }) => zoomBy(1) },
  { key: '-', keys: '-', what: msg('Zoom out'), run: ({ zoomBy }) => zoomBy(-1) },
  { key: '1', mod: true, keys: 'Ctrl 1', what: msg('Fit the pipeline into the canvas'), run: ({ fit }) => fit() },
]

/** A key as people read it, with what it does; `Ctrl` is Cmd on a Mac. */
export interface KeyWords {
  readonly keys: string
  readonly what: Message
}

/** Keys that the browser, the canvas or an input brings; the rest stands in the table of shortcuts. */
// biome-ignore format: one key a row
const OTHER_KEYS: readonly KeyWords[] = [
  { keys: 'Ctrl C', what: msg('Copy what is selected, as text') },
  { keys: 'Ctrl X', what: msg('Cut what is selected') },
  { keys: 'Ctrl V', what: msg('Paste nodes, also from another pipeline or window') },
  { keys: 'Tab', what: msg('Go to the next node, connection or field') },
  { keys: 'Shift drag', what: msg('Select what lies in a box') },
  { keys: 'Ctrl click', what: msg('Add a node to what is selected') },
  { keys: 'Ctrl Space', what: msg('In an expression: suggest what can be written') },
  { keys: 'Ctrl .', what: msg('In an expression: mend the mistake at the caret') },
  { keys: 'F8', what: msg('In an expression: go to the next mistake') },
]

/** Every key of the Build page, for the sheet. */
export const ALL_KEYS: readonly KeyWords[] = [...SHORTCUTS, ...OTHER_KEYS]

function selectAll({ document, view }: Workspace): void {
  const { graph } = document.getState()
  const { notes, groups } = partsOf(graph)
  view.select([...graph.nodes, ...notes, ...groups].map(({ id }) => id))
}

function insertIntoSelected({ workspace: { view } }: ShortcutContext): void {
  const [edgeId] = view.getState().edges
  if (edgeId !== undefined) view.setState({ picker: { kind: 'edge', edgeId } })
}

function rename({ workspace: { view } }: ShortcutContext): void {
  view.setState({ renamed: onlyThing(view.getState()) })
}

/** React Flow selects the node that has the focus; where it is selected already the side panel takes over. */
function openPanel({ workspace: { view } }: ShortcutContext): false | undefined {
  const focused = document.activeElement?.matches('.react-flow__node')
    ? document.activeElement.getAttribute('data-id')
    : undefined
  const tab = document.querySelector<HTMLElement>('aside [role="tab"][aria-selected="true"]')
  if (tab === null || focused !== onlySelected(view.getState())) return false
  tab.focus()
  return undefined
}

/** The keyboard stays with the selection: Tab and Enter go on from there. */
function focusSelected({ view }: Workspace): void {
  const selected = onlySelected(view.getState())
  if (selected === null) return
  const card = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(selected)}"]`)
  card?.focus({ preventScroll: true })
}

/** The keys of the Build page. They stand down while somebody types or a dialog is open. */
export function useShortcuts(): void {
  const { actions, parts } = useBuild()
  const workspace = useWorkspace()
  const flow = useReactFlow()
  const tidy = useTidy(actions)
  const middle = useMiddle()
  useEffect(() => {
    const fit = () => void flow.fitView({ ...FIT, duration: motionMs(160) })
    const zoomBy = (step: 1 | -1) => {
      const options = { duration: motionMs(160) }
      void (step > 0 ? flow.zoomIn(options) : flow.zoomOut(options))
    }
    const onKey = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event)
      // Before the canvas sees them come the keys that it would take for something else.
      if (
        shortcut === undefined ||
        (shortcut.onCanvas ?? false) !== (event.eventPhase === Event.CAPTURING_PHASE)
      )
        return
      const isHeld = event.repeat && !REPEATED.has(shortcut.key)
      if (!isHeld && shortcut.run({ workspace, actions, parts, middle, fit, zoomBy, tidy }) === false) return
      event.preventDefault()
      if (shortcut.onCanvas) event.stopPropagation()
    }
    const clipboard = clipboardHandlers(actions, middle)
    window.addEventListener('keydown', onKey)
    window.addEventListener('keydown', onKey, true)
    for (const [name, handler] of clipboard) window.addEventListener(name, handler)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('keydown', onKey, true)
      for (const [name, handler] of clipboard) window.removeEventListener(name, handler)
    }
  }, [workspace, actions, parts, middle, flow, tidy])
}

/** The shortcut that a key press stands for here and now, if any. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.defaultPrevented || document.querySelector(MODAL) !== null) return undefined
  const key = event.key.toLowerCase()
  const mod = event.ctrlKey || event.metaKey
  const found = SHORTCUTS.find(
    (shortcut) =>
      shortcut.key === key &&
      (shortcut.mod ?? false) === mod &&
      (shortcut.alt ?? false) === event.altKey &&
      (!shortcut.onCanvas || isOnCanvas(event.target)) &&
      (shortcut.shift === 'any' || (shortcut.shift ?? false) === event.shiftKey),
  )
  return found?.everywhere || !isTyping(event.target) ? found : undefined
}

function isOnCanvas(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest('.react-flow') !== null)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null
}

type ClipboardEventName = 'copy' | 'cut' | 'paste'

/** Nodes travel as text, so that they can be pasted into another tab, a chat or a file. */
function clipboardHandlers(
  actions: BuildActions,
  middle: () => Position,
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
        if (text !== '' && actions.paste(text, middle())) event.preventDefault()
      },
    ],
  ]
}
