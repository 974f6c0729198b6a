import type { PipelineBody, SavedDraft } from '@millrace/contracts'
import type { RuntimeCatalogue } from '@millrace/engine'
import { type Catalogue, findNode, type PipelineGraph } from '@millrace/graph'
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { ApiError } from '../http/api-error.ts'
import { request, segment } from '../http/request.ts'
import { createPreviewController, type PreviewController } from '../preview/preview-controller.ts'
import { createTestRuns, type TestRuns } from '../tests/test-runs.ts'
import { type Analysis, createAnalyser } from './analysis.ts'
import { createDocumentStore, type DocumentState, type DocumentStore } from './document-store.ts'
import { type Draft, type LiveVersion, readDraft } from './documents.ts'
import { createDraftBackup, type DraftBackup } from './draft-backup.ts'
import { createDraftSaver, type DraftSaver, type SaveState } from './draft-saver.ts'
import { type PublishMark, publishMarks } from './publish-marks.ts'
import { createViewStore, type ViewState, type ViewStore } from './view-store.ts'

/** The node types of an app. */
export interface NodeTypes {
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
  /** The help on a node type, Markdown. */
  help(type: string): string | undefined
}

/** What follows from the document, kept up to date. */
export interface Facts {
  readonly analysis: Analysis
  readonly marks: ReadonlyMap<string, PublishMark>
  readonly live: LiveVersion | null
}

/** Everything about one open pipeline. */
export interface Workspace {
  readonly pipelineId: string
  readonly nodeTypes: NodeTypes
  readonly document: DocumentStore
  readonly saver: DraftSaver
  readonly backup: DraftBackup
  readonly view: ViewStore
  readonly facts: StoreApi<Facts>
  readonly preview: PreviewController
  readonly tests: TestRuns
  setLive(live: LiveVersion | null): void
  dispose(): void
}

/** What a workspace begins with. */
export interface WorkspaceOptions {
  readonly pipelineId: string
  readonly live: LiveVersion | null
  readonly draft: Draft
  readonly nodeTypes: NodeTypes
  readonly selected: readonly string[]
}

/** Opens a pipeline. */
export function openWorkspace({ pipelineId, live, draft, nodeTypes, selected }: WorkspaceOptions): Workspace {
  const { catalogue } = nodeTypes
  const document = createDocumentStore(draft.graph)
  const backup = createDraftBackup(pipelineId, localStorage)
  const isNode = (id: string) => findNode(document.getState().graph, id) !== undefined
  const view = createViewStore(selected.filter(isNode), isNode)
  const saver = createDraftSaver({
    document,
    backup,
    draft,
    send: (next, revision) => saveDraft(pipelineId, next, revision),
    fetchNewest: () => fetchDraft(pipelineId, catalogue),
    now: Date.now,
  })
  const { facts, setLive, stop } = createFacts(document, saver, catalogue, live)
  const preview = createPreviewController({ document, view, nodeTypes })
  const tests = createTestRuns(document)
  return {
    pipelineId,
    nodeTypes,
    document,
    saver,
    backup,
    view,
    facts,
    preview,
    tests,
    setLive,
    dispose() {
      stop()
      saver.dispose()
      preview.dispose()
      tests.dispose()
    },
  }
}

async function fetchDraft(pipelineId: string, catalogue: Catalogue): Promise<Draft> {
  const { draft } = await request<PipelineBody>(`/pipelines/${segment(pipelineId)}`)
  const readable = readDraft(draft, catalogue)
  if (readable !== null) return readable
  throw new ApiError(422, 'invalid_document', 'The newer draft cannot be read by this page: load it again.')
}

function saveDraft(pipelineId: string, graph: PipelineGraph, revision: number): Promise<SavedDraft> {
  return request(`/pipelines/${segment(pipelineId)}/draft`, { method: 'PUT', body: { graph, revision } })
}

function createFacts(
  document: DocumentStore,
  saver: DraftSaver,
  catalogue: Catalogue,
  firstLive: LiveVersion | null,
) {
  const analyseGraph = createAnalyser(catalogue)
  const compute = (live: LiveVersion | null): Facts => {
    const { graph } = document.getState()
    const marks = publishMarks(graph, saver.getState().saved, live?.graph ?? null)
    return { analysis: analyseGraph(graph), marks, live }
  }
  const facts = createStore<Facts>(() => compute(firstLive))
  const refresh = () => facts.setState(compute(facts.getState().live))
  const stops = [
    document.subscribe((state, before) => {
      if (state.graph !== before.graph) refresh()
    }),
    saver.subscribe((state, before) => {
      if (state.saved !== before.saved) refresh()
    }),
  ]
  const setLive = (live: LiveVersion | null) => {
    if (live?.version !== facts.getState().live?.version) facts.setState(compute(live))
  }
  const stop = () => {
    for (const stopOne of stops) stopOne()
  }
  return { facts, setLive, stop }
}

/** The open pipeline of the page. */
export const WorkspaceContext = createContext<Workspace | null>(null)

/** The open pipeline; only within its page. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (workspace === null) throw new Error('no pipeline is open here')
  return workspace
}

/** Reads from the document of the open pipeline. */
export function useDocument<T>(select: (state: DocumentState) => T): T {
  return useStore(useWorkspace().document, select)
}

/** Reads from what follows from the document. */
export function useFacts<T>(select: (facts: Facts) => T): T {
  return useStore(useWorkspace().facts, select)
}

/** Reads what is selected and open. */
export function useView<T>(select: (view: ViewState) => T): T {
  return useStore(useWorkspace().view, select)
}

/** Reads how the draft stands. */
export function useSaving<T>(select: (state: SaveState) => T): T {
  return useStore(useWorkspace().saver, select)
}
