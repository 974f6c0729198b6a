import type { PipelineRow } from '@millrace/contracts'
import { formatType } from '@millrace/expr'
import { type NodeSchemas, type PipelineGraph, type Position, partsOf } from '@millrace/graph'
import { counted } from '../format/numbers.ts'
import { LANGUAGES } from '../i18n/language.ts'
import { switchLanguage } from '../i18n/switch-language.ts'
import { t, tFrom } from '../i18n/t.ts'
import { APPEARANCES, type Appearance } from '../theme/appearance.ts'
import { keyNames } from '../ui/keys.ts'
import { onlyThing } from '../workspace/view-store.ts'
import type { Workspace } from '../workspace/workspace.ts'
import type { BuildActions } from './build-actions.ts'
import type { PartActions } from './part-actions.ts'

/** Something that the search finds, and how to get there. */
export interface Place {
  readonly kind: 'node' | 'field' | 'note' | 'group' | 'action' | 'pipeline'
  /** Differs from those of all other places, without spaces. */
  readonly key: string
  readonly label: string
  readonly detail: string
  go(): void
}

/** What the search looks through. */
export interface SearchSources {
  readonly workspace: Workspace
  readonly actions: BuildActions
  readonly parts: PartActions
  readonly schemas: ReadonlyMap<string, NodeSchemas>
  readonly pipelines: readonly Pick<PipelineRow, 'id' | 'name'>[]
  fit(): void
  tidy(): void
  /** The middle of what is in view, as a place of the canvas. */
  middle(): Position
  setAppearance(appearance: Appearance): void
  open(pipelineId: string): void
}

const MAX = 50

/** Everything that can be found, in the order in which it is offered. */
export function placesOf(sources: SearchSources): readonly Place[] {
  const { graph } = sources.workspace.document.getState()
  return [
    ...nodePlaces(graph, sources),
    ...fieldPlaces(graph, sources),
    ...partPlaces(graph, sources),
    ...actionPlaces(sources),
    ...sources.pipelines.map(
      ({ id, name }): Place => ({
        kind: 'pipeline',
        key: `pipeline-${id}`,
        label: name,
        detail: '',
        go: () => sources.open(id),
      }),
    ),
  ]
}

function nodePlaces({ nodes }: PipelineGraph, { workspace }: SearchSources): readonly Place[] {
  return nodes.map(({ id, label, type }) => ({
    kind: 'node',
    key: `node-${id}`,
    label,
    detail: tFrom(workspace.nodeTypes.catalogue.get(type)?.title ?? type),
    go: () => workspace.view.reveal(id),
  }))
}

/** Each field where it comes into being: behind that it is the same one. */
function fieldPlaces({ nodes }: PipelineGraph, { workspace, schemas }: SearchSources): readonly Place[] {
  return nodes.flatMap(({ id, label }): readonly Place[] => {
    const { inputs = {}, outputs = {} } = schemas.get(id) ?? {}
    const known = new Set(fieldsOf(inputs).map(({ name }) => name))
    const made = new Map(fieldsOf(outputs).map((field) => [field.name, field]))
    return [...made.values()]
      .filter(({ name }) => !known.has(name))
      .map(({ name, type }, i) => ({
        kind: 'field',
        key: `field-${id}-${i}`,
        label: name,
        detail: `${formatType(type)} · ${label}`,
        go() {
          workspace.view.reveal(id)
          workspace.view.setState({ panelTab: 'fields' })
        },
      }))
  })
}

function partPlaces(graph: PipelineGraph, { workspace: { view } }: SearchSources): readonly Place[] {
  const { notes, groups } = partsOf(graph)
  return [
    ...groups.map(({ id, label, nodes }): Place => {
      const go = () => view.reveal(id)
      return { kind: 'group', key: `group-${id}`, label, detail: counted(nodes.length, 'node'), go }
    }),
    ...notes.map(({ id, text }): Place => {
      const go = () => view.reveal(id)
      return {
        kind: 'note',
        key: `note-${id}`,
        label: text.slice(0, 200) || t('An empty note'),
        detail: '',
        go,
      }
    }),
  ]
}

function fieldsOf(ports: NodeSchemas['inputs']) {
  return Object.values(ports).flatMap((schema) => schema?.fields ?? [])
}

function actionPlaces({
  workspace,
  actions,
  parts,
  fit,
  tidy,
  middle,
  setAppearance,
}: SearchSources): readonly Place[] {
  const { document, view, saver } = workspace
  const rows: readonly (readonly [label: string, keys: string, go: () => void])[] = [
    [t('Add a node'), 'N', () => view.setState({ picker: { kind: 'add' } })],
    [t('Connect the selected node to …'), 'C', () => view.setState({ cover: 'connect' })],
    [
      t('Rename the selected node or group, write the selected note'),
      'F2',
      () => view.setState({ renamed: onlyThing(view.getState()) }),
    ],
    [t('Undo'), 'Ctrl Z', () => document.undo()],
    [t('Redo'), 'Ctrl Shift Z', () => document.redo()],
    [t('Save the draft'), 'Ctrl S', () => void saver.flush()],
    [t('Publish…'), '', () => view.setState({ cover: 'publish' })],
    [t('Duplicate what is selected'), 'Ctrl D', () => actions.duplicateSelection()],
    [t('Delete what is selected'), 'Delete', () => actions.removeSelection()],
    [t('Delete and rejoin'), 'Ctrl Delete', () => actions.removeAndRejoin()],
    [
      t('Select everything'),
      'Ctrl A',
      () => view.select(document.getState().graph.nodes.map(({ id }) => id)),
    ],
    [t('Group the selected nodes'), 'Ctrl G', () => parts.groupSelection()],
    [t('Dissolve the selected group'), 'Ctrl Shift G', () => parts.ungroupSelection()],
    [t('Collapse or open the selected group'), 'G', () => parts.toggleSelection()],
    [t('Add a note'), 'T', () => parts.addNote(middle())],
    [t('Lay out the selected nodes, or all'), 'L', tidy],
    [t('Fit the pipeline into the canvas'), 'Ctrl 1', fit],
    [t('Open the outline'), 'O', () => view.setState({ isOutlineOpen: true })],
    [t('Show what is not saved or not published'), 'D', () => view.showChanges()],
    [t('Show problems'), '', () => view.setState({ isDockOpen: true, dockTab: 'problems' })],
    [t('Show the preview'), '', () => view.setState({ isDockOpen: true, dockTab: 'preview' })],
    ...APPEARANCES.map(
      ({ value, label }) =>
        [t('Appearance: {label}', { label: t(label) }), '', () => setAppearance(value)] as const,
    ),
    ...LANGUAGES.map(
      ({ value, name }) => [t('Language: {name}', { name }), '', () => switchLanguage(value)] as const,
    ),
    [t('Show all keys'), '?', () => view.setState({ cover: 'keys' })],
  ]
  return rows.map(([label, detail, go], i) => ({
    kind: 'action',
    key: `action-${i}`,
    label,
    detail: keyNames(detail),
    go,
  }))
}

/** The places whose words hold all that was typed: those first that begin with it. */
export function searchPlaces(places: readonly Place[], text: string): readonly Place[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = places.filter(({ kind, label, detail }) => {
    const all = `${kind} ${label} ${detail}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
  const begins = ({ label }: Place) => label.toLowerCase().startsWith(words.join(' '))
  return found.toSorted((a, b) => Number(begins(b)) - Number(begins(a))).slice(0, MAX)
}
