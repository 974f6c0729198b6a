import type { Field } from '@millrace/expr'
import { ownMember } from '@millrace/graph'
import { createRowCodec } from '../codec/row-codec.ts'
import type { KeyedState, OperatorContext, StateLayout } from '../operator.ts'
import { cutFields } from '../plan/cut-fields.ts'
import { preAggregationOf } from '../plan/plan-stages.ts'
import { outputIndex, type Program, type ProgramNode } from '../plan/program.ts'
import {
  type OperatorRole,
  type PlannedEdge,
  type PlannedOperator,
  type StagePlan,
  stageOf,
} from '../plan/stage-plan.ts'
import { NodeState } from '../state/node-state.ts'
import type { RefusedRow } from '../state/node-state-options.ts'
import { buildSources, contributors } from './build-sources.ts'
import { CutPort } from './cut-port.ts'
import { fieldsRead, fieldsSent } from './edge-fields.ts'
import { InputPort } from './input-port.ts'
import { type KeyOf, keyReader } from './key-of.ts'
import { makeOperator } from './make-operator.ts'
import { OperatorSlot } from './operator-slot.ts'
import { QueuedOperator } from './queued-operator.ts'
import type { Receiver, StageOrder, Target } from './receiver.ts'
import { reshaped } from './reshape.ts'
import type { SourcePort } from './source-port.ts'
import type { StageOptions } from './stage-options.ts'

/** The parts of a stage, wired. */
export interface BuiltStage {
  readonly stage: StagePlan
  /** By input index. */
  readonly inputs: readonly InputPort[]
  /** By input index; only sources of which this task has a partition. */
  readonly sources: ReadonlyMap<number, SourcePort>
  /** By operator id. */
  readonly slots: ReadonlyMap<string, OperatorSlot>
  /** By operator id, in topological order. */
  readonly queued: ReadonlyMap<string, QueuedOperator>
  /** By operator id: the inputs from which its records come, directly or not, and how far it stays behind them, ms. */
  readonly feeds: ReadonlyMap<string, ReadonlyMap<number, number>>
  readonly cuts: readonly CutPort[]
  /** By node id. */
  readonly states: ReadonlyMap<string, NodeState>
}

type Wiring = BuiltStage & {
  readonly slots: Map<string, OperatorSlot>
  readonly queued: Map<string, QueuedOperator>
  readonly states: Map<string, NodeState>
}

/** Makes the operators of a stage for one task and connects them. */
export function buildStage(options: StageOptions): BuiltStage {
  const stage = stageOf(options.plan, options.stageId)
  const order: StageOrder = { taken: 0, current: 0 }
  const queues = stage.operators.some(({ queued }) => queued)
  const inputs = stage.inputs.map(
    (_, input) => new InputPort(contributors(options, stage, input), order, queues),
  )
  const built: Wiring = {
    stage,
    inputs,
    sources: buildSources(stage, inputs, options),
    feeds: inputsBehind(stage, options),
    cuts: stage.cuts.map((cut) => {
      const fields = cutFields(options.program, stageOf(options.plan, cut.stage), cut.input)
      return new CutPort(cut, fields, options.output)
    }),
    slots: new Map(),
    queued: new Map(),
    states: new Map(),
  }
  for (const operator of stage.operators) addOperator(built, operator, order, options)
  for (const edge of stage.edges) connect(built, edge, options)
  return built
}

function addOperator(
  built: Wiring,
  planned: PlannedOperator,
  order: StageOrder,
  options: StageOptions,
): void {
  const { id, nodeId, role, queued } = planned
  const node = options.program.node(nodeId)
  const refuse = (refused: RefusedRow) => slot.refuse(refused)
  const state = role === 'partial' ? null : nodeState(node, options, refuse)
  if (state !== null) built.states.set(nodeId, state)
  let place: { readonly watermark: number }
  const watermark = () => place.watermark
  const trace = options.probe?.trace
  const own: OperatorContext = {
    ...{ nodeId, inputs: node.inputs, watermark },
    state: state === null ? NO_STATE : (trace?.watch(nodeId, state) ?? state),
    ...(trace && { usesRow: (key, subKey, as) => trace.uses(nodeId, key, subKey, as) }),
  }
  const slot: OperatorSlot = new OperatorSlot({
    ...{ nodeId, role, operator: makeOperator(node, role, own, options.output) },
    inputFields: rowFields(node, role),
    outputFields: node.outputs.map(({ fields }) => fields),
    movesBy: movesBy(node),
    updates: node.outputs.map(({ updates }) => updates),
    stateFields: stateLayout(node)?.fields ?? [],
    referenceInput: node.reference?.input ?? -1,
    latePort: outputIndex(node, 'late'),
    probe: options.probe ?? {},
    watermark,
    deadLetter: (letter) => options.output.deadLetter(letter),
  })
  place = slot
  built.slots.set(id, slot)
  const timing = { holdBack: holdBackOf(node), tickInterval: tickIntervalOf(node) }
  const awaited = node.reference?.isAwaited ? node.reference.input : null
  if (!queued) return
  const operator = new QueuedOperator({ slot, state, order, ...timing, awaited })
  place = operator
  built.queued.set(id, operator)
}

function nodeState(
  program: ProgramNode,
  options: StageOptions,
  refuse: (refused: RefusedRow) => void,
): NodeState | null {
  const layout = stateLayout(program)
  if (layout === undefined) return null
  return new NodeState({
    nodeId: program.node.id,
    birth: ownMember(options.births, program.node.id) ?? 0,
    codec: createRowCodec(layout.fields),
    outside: options.outside,
    complete: options.outside === null || (options.startsEmpty ?? false),
    openSubKeys: layout.openSubKeys ?? false,
    refuse,
  })
}

function stateLayout({ node, runtime, inputs }: ProgramNode): StateLayout | undefined {
  return runtime.role === 'transform' ? runtime.state?.(node.config, inputs) : undefined
}

/** By input index: fields of the rows that an operator reads. */
function rowFields(node: ProgramNode, role: OperatorRole): (readonly Field[])[] {
  return role === 'merge' ? [preAggregationOf(node)?.fields ?? []] : node.inputs.map(({ fields }) => fields)
}

/** By input: how a keyed operator holds the rows of an updating stream that tells what they were. */
function movesBy({ node, runtime, inputs }: ProgramNode): (KeyOf | null)[] {
  return inputs.map(({ fields, updates }, input) => {
    const key = updates?.before && runtime.role === 'transform' && runtime.keyFields?.(node.config, input)
    return key ? keyReader(fields, key) : null
  })
}

function holdBackOf({ node, runtime }: ProgramNode): number {
  if (runtime.role !== 'transform' || runtime.holdBack === undefined) return 0
  if (!runtime.eventTime) throw new Error(`node ${node.id} holds a watermark back and does not look at it`)
  return runtime.holdBack(node.config)
}

function tickIntervalOf({ node, runtime }: ProgramNode): number | null {
  const interval = (runtime.role === 'transform' && runtime.tick?.(node.config)) || null
  if (interval === null || (runtime.role === 'transform' && runtime.state)) return interval
  throw new Error(`node ${node.id} has ticks and no rows that could wait for them`)
}

/** Partial operators feed cuts alone, so that the planned order of operators is enough. */
function inputsBehind(
  { edges, operators }: StagePlan,
  { program }: StageOptions,
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const found = new Map(operators.map(({ id }) => [id, new Map<number, number>()]))
  for (const { id } of operators) {
    const behind = found.get(id) as Map<number, number>
    for (const { from, to } of edges) {
      if ('cut' in to || to.operator !== id) continue
      for (const [input, by] of feedOf(from, found, program))
        behind.set(input, Math.min(by, behind.get(input) ?? by))
    }
  }
  return found
}

/** The inputs behind one edge, and how far what it tells stays behind each. */
function feedOf(
  from: PlannedEdge['from'],
  found: ReadonlyMap<string, ReadonlyMap<number, number>>,
  program: Program,
): (readonly [number, number])[] {
  if ('input' in from) return [[from.input, 0]]
  const own = holdBackOf(program.node(from.operator))
  return [...(found.get(from.operator) ?? [])].map(([input, by]) => [input, by + own] as const)
}

function connect(built: BuiltStage, { from, to }: PlannedEdge, options: StageOptions): void {
  const sent = fieldsSent(built.stage, from, options)
  const end = targetOf(built, to)
  const target =
    sent === null ? end : reshaped(end, sent, fieldsRead(built.stage, to, options), options.probe?.trace)
  if ('input' in from) built.inputs[from.input]?.connect(target)
  else built.slots.get(from.operator)?.connect(from.port, target)
}

function targetOf({ cuts, queued, slots }: BuiltStage, to: PlannedEdge['to']): Target {
  if ('cut' in to) return edgeTo(cuts[to.cut] as CutPort, 0)
  return edgeTo(queued.get(to.operator) ?? (slots.get(to.operator) as OperatorSlot), to.input)
}

function edgeTo(receiver: Receiver, input: number): Target {
  return { receiver, edge: receiver.addEdge(input) }
}

const NO_STATE: KeyedState = {
  get: refuseState,
  put: refuseState,
  delete: refuseState,
  wake: refuseState,
  range: refuseState,
}

function refuseState(): never {
  throw new Error('this node declares no state')
}
