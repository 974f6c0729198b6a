import { applyChange, ChangeError, type GraphChange, type PipelineGraph } from '@millrace/graph'

/** One intent of the user, as the changes that take it back and do it again. */
export interface Step {
  /** In the words of the user: "Add Filter". */
  readonly label: string
  readonly undo: GraphChange
  readonly redo: GraphChange
  /** Edits with the same key that follow one another closely are one step; null: the step is closed. */
  readonly fold: string | null
  /** Epoch ms of the last edit in the step. */
  readonly at: number
}

/** A document with what can be undone and redone; the newest step stands last. */
export interface History {
  readonly graph: PipelineGraph
  readonly past: readonly Step[]
  readonly future: readonly Step[]
}

/** What an edit is called, and into which burst it belongs. */
export interface Intent {
  readonly label: string
  readonly fold?: string
  /** Epoch ms. */
  readonly at: number
}

/** A burst of keystrokes ends with a pause of this length, ms. */
export const FOLD_MS = 1_500

const MAX_STEPS = 300

/** A document that was just opened: nothing to undo. */
export function newHistory(graph: PipelineGraph): History {
  return { graph, past: [], future: [] }
}

/** Carries out an edit as one step of undo; null where it does not fit the document any more. */
export function carryOut(history: History, change: GraphChange, intent: Intent): History | null {
  const applied = tryApply(history.graph, change)
  if (applied === null) return null
  const step: Step = {
    label: intent.label,
    undo: applied.inverse,
    redo: change,
    fold: intent.fold ?? null,
    at: intent.at,
  }
  const last = history.past.at(-1)
  const past =
    last !== undefined && history.future.length === 0 && belongs(last, step)
      ? [...history.past.slice(0, -1), foldSteps(last, step)]
      : [...history.past, step].slice(-MAX_STEPS)
  return { graph: applied.graph, past, future: [] }
}

/** Takes back the last step; the same history where there is none. */
export function undo(history: History): History {
  const step = history.past.at(-1)
  const applied = step && tryApply(history.graph, step.undo)
  if (!step || !applied) return history
  const closed = { ...step, fold: null }
  return {
    graph: applied.graph,
    past: closeLast(history.past.slice(0, -1)),
    future: [...history.future, closed],
  }
}

/** Does again what was taken back last; the same history where there is nothing. */
export function redo(history: History): History {
  const step = history.future.at(-1)
  const applied = step && tryApply(history.graph, step.redo)
  if (!step || !applied) return history
  return { graph: applied.graph, past: [...history.past, step], future: history.future.slice(0, -1) }
}

/** What follows is a new step, whatever its fold key. */
export function closeStep(history: History): History {
  return history.past.at(-1)?.fold == null ? history : { ...history, past: closeLast(history.past) }
}

function closeLast(steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1)
  return last === undefined || last.fold === null ? steps : [...steps.slice(0, -1), { ...last, fold: null }]
}

function belongs(last: Step, next: Step): boolean {
  return last.fold !== null && last.fold === next.fold && next.at - last.at <= FOLD_MS
}

function foldSteps(first: Step, second: Step): Step {
  return {
    ...second,
    undo: replaces(first.undo, second.undo) ? first.undo : batch(second.undo, first.undo),
    redo: replaces(first.redo, second.redo) ? second.redo : batch(first.redo, second.redo),
  }
}

/** True where both changes set the very same thing, so that one alone has the effect of both. */
function replaces(a: GraphChange, b: GraphChange): boolean {
  if (a.kind === 'rename-pipeline' || a.kind === 'set-tests') return b.kind === a.kind
  if (a.kind === 'set-config' || a.kind === 'set-label' || a.kind === 'set-note') {
    return b.kind === a.kind && b.nodeId === a.nodeId
  }
  if (a.kind === 'set-canvas-note') return b.kind === a.kind && b.noteId === a.noteId && b.note !== null
  if (a.kind === 'set-group') return b.kind === a.kind && b.groupId === a.groupId && b.group !== null
  if (a.kind !== 'move-nodes' || b.kind !== 'move-nodes') return false
  const names = Object.keys(a.positions)
  return (
    names.length === Object.keys(b.positions).length &&
    names.every((name) => Object.hasOwn(b.positions, name))
  )
}

function batch(first: GraphChange, second: GraphChange): GraphChange {
  const parts = (change: GraphChange) => (change.kind === 'batch' ? change.changes : [change])
  return { kind: 'batch', changes: [...parts(first), ...parts(second)] }
}

function tryApply(graph: PipelineGraph, change: GraphChange) {
  try {
    return applyChange(graph, change)
  } catch (error) {
    if (error instanceof ChangeError) return null
    throw error
  }
}
