import type { CanvasNote, NodeGroup, Position } from '@millrace/graph'
import { partsOf } from '@millrace/graph'
import { counted } from '../format/numbers.ts'
import { t } from '../i18n/t.ts'
import { groupNodes, NOTE_SIZE, ungroupNodes } from '../workspace/canvas-edits.ts'
import { makeId } from '../workspace/make-id.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** What users do with notes and groups: each is one step of undo and is announced. */
export class PartActions {
  readonly #workspace: Workspace

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** Adds an empty note with its middle at a place of the canvas, to be written. */
  addNote({ x, y }: Position): void {
    const { width, height } = NOTE_SIZE
    const position = { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }
    const note: CanvasNote = { id: makeId('note'), text: '', position, width, height }
    this.#workspace.document.edit(
      { kind: 'set-canvas-note', noteId: note.id, note },
      { label: t('Add a note'), fold: foldOf(note.id) },
    )
    this.#workspace.view.select([note.id])
    this.#workspace.view.setState({ renamed: note.id })
    this.#workspace.view.announce(t('Note added.'))
  }

  /** Changes a note; a burst of keystrokes in it is one step. */
  changeNote(note: CanvasNote, change: Partial<CanvasNote>): void {
    const label = change.text === undefined ? t('Resize a note') : t('Write a note')
    this.#workspace.document.edit(
      { kind: 'set-canvas-note', noteId: note.id, note: { ...note, ...change } },
      { label, fold: foldOf(note.id) },
    )
  }

  /** Makes the selected notes wider and higher by so many px. */
  resizeNotes({ x, y }: Position): void {
    const { nodes } = this.#workspace.view.getState()
    for (const note of partsOf(this.#graph).notes) {
      if (!nodes.has(note.id)) continue
      const size = (value: number) => Math.min(MAX_SIZE, Math.max(MIN_SIZE, value))
      this.changeNote(note, { width: size(note.width + x), height: size(note.height + y) })
    }
  }

  /** Makes a group of the selected nodes. */
  groupSelection(): void {
    const { view, document } = this.#workspace
    const made = groupNodes(this.#graph, view.getState().nodes, makeId)
    if (made === null) {
      view.announce(t('Select nodes first: then they can be grouped.'))
      return
    }
    const what = counted(made.group.nodes.length, 'node')
    document.edit(made.change, { label: t('Group {what}', { what }) })
    view.select([made.group.id])
    view.announce(t('Grouped: {what}.', { what }))
  }

  /** Dissolves the selected groups; their nodes stay and are selected. */
  ungroupSelection(): void {
    const { view, document } = this.#workspace
    const { nodes: selected } = view.getState()
    const change = ungroupNodes(this.#graph, selected)
    if (change === null) return
    const members = partsOf(this.#graph).groups.flatMap(({ id, nodes }) => (selected.has(id) ? nodes : []))
    document.edit(change, { label: t('Ungroup') })
    view.select([...members, ...selected].filter((id) => this.#graph.nodes.some((node) => node.id === id)))
    view.announce(t('Ungrouped.'))
  }

  /** Collapses a group, or opens it. */
  toggleGroup(group: NodeGroup): void {
    const { id, label, collapsed } = group
    this.#workspace.document.edit(
      { kind: 'set-group', groupId: id, group: { ...group, collapsed: !collapsed } },
      { label: `${collapsed ? t('Open') : t('Collapse')} ${label}` },
    )
    this.#workspace.view.announce(`${label} ${collapsed ? 'opened' : 'collapsed'}.`)
  }

  /** Collapses or opens the selected groups. */
  toggleSelection(): void {
    const { nodes } = this.#workspace.view.getState()
    for (const group of partsOf(this.#graph).groups) if (nodes.has(group.id)) this.toggleGroup(group)
  }

  /** Names a group; a burst of keystrokes is one step. */
  nameGroup(group: NodeGroup, label: string): void {
    this.#workspace.document.edit(
      { kind: 'set-group', groupId: group.id, group: { ...group, label } },
      { label: t('Rename a group'), fold: foldOf(group.id) },
    )
  }

  get #graph() {
    return this.#workspace.document.getState().graph
  }
}

const MIN_SIZE = 80
const MAX_SIZE = 1_600

function foldOf(id: string): string {
  return `part:${id}`
}
