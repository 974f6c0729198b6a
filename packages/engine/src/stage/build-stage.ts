import { encodeJson, type Field } from '@millrace/expr'
import { createRowCodec } from '../codec/row-codec.ts'
import type { Decoded, KeyedState, SourceTime } from '../operator.ts'
import { cutFields } from '../plan/cut-fields.ts'
import { preAggregationOf } from '../plan/plan-stages.ts'
import { outputIndex, type Program, type ProgramNode } from '../plan/program.ts'
import type {
  DeploymentPlan,
  OperatorRole,
  PlannedEdge,
  PlannedOperator,
  StagePlan,
} from '../plan/stage-plan.ts'
import { NO_WATERMARK, type RawRecord, type StreamRecord } from '../record.ts'
import type { RecordFault } from '../record-fault.ts'
import { type FetchRows, NodeState } from '../state/node-state.ts'
import { CutPort } from './cut-port.ts'
import { InputPort } from './input-port.ts'
import { makeOperator } from './make-operator.ts'
import { OperatorSlot } from './operator-slot.ts'
import { QueuedOperator } from './queued-operator.ts'
import type { PushContext, Target } from './receiver.ts'
import { SourcePort } from './source-port.ts'
import type { Probe, StageOutput } from './stage-output.ts'

/** What one task of a stage is built from. */
export interface StageOptions {
  readonly program: Program
  readonly plan: DeploymentPlan
  readonly stageId: string
  /** Index of the task, and of its partition of every input. */
  readonly task: number
  /** By node id: the generation in which the node's state began; 0 where it is missing. */
  readonly births: { readonly [nodeId: string]: number }
  /** Fetches state rows that are not in memory; null: all rows that exist are restored before the first record. */
  readonly fetchRows: FetchRows | null
  readonly output: StageOutput
  readonly probe?: Probe
  /** For generators: event time of the first event, epoch ms. */
  readonly generatorStart?: number
}

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
  readonly cuts: readonly CutPort[]
  /** By node id. */
  readonly states: ReadonlyMap<string, NodeState>
}

/** Makes the operators of a stage for one task and connects them. */
export function buildStage(options: StageOptions): BuiltStage {
  const stage = stageOf(options.plan, options.stageId)
  const context: PushContext = { watermark: NO_WATERMARK, sequence: 0 }
  const inputs = stage.inputs.map(
    (_, input) => new InputPort(contributors(options, stage, input), context),
  )
  const built = {
    stage,
    inputs,
    sources: buildSources(stage, inputs, options),
    cuts: stage.cuts.map((cut) => {
      const fields = cutFields(options.program, stageOf(options.plan, cut.stage), cut.input)
      return new CutPort(cut, fields, options.output)
    }),
    slots: new Map<string, OperatorSlot>(),
    queued: new Map<string, QueuedOperator>(),
    states: new Map<string, NodeState>(),
  }
  for (const operator of stage.operators) addOperator(built, operator, context, options)
  for (const edge of stage.edges) connect(built, edge)
  return built
}

/** The stage with this id. */
export function stageOf(plan: DeploymentPlan, id: string): StagePlan {
  const stage = plan.stages.find((candidate) => candidate.id === id)
  if (stage === undefined) throw new Error(`the plan has no stage ${id}`)
  return stage
}

/** The name of an upstream task among the contributors to a repartition input's watermark. */
export function contributorName(stageId: string, task: number): string {
  return `${stageId}/${task}`
}

/**
 * Who vouches for the progress of an input: every task of the stages that write it, or the partitions of a source. Where
 * tasks do not tell each other their watermarks, a task hears of its own partition alone.
 */
function contributors({ plan, task }: StageOptions, stage: StagePlan, index: number): string[] {
  const input = stage.inputs[index]
  if (input?.kind === 'repartition') {
    return input.from.flatMap((id) => range(stageOf(plan, id).tasks).map((task) => contributorName(id, task)))
  }
  if (input?.kind !== 'source') return []
  return range(input.partitions)
    .filter((partition) => stage.control || partition === task)
    .map((partition) => contributorName(stage.id, partition))
}

function buildSources(
  stage: StagePlan,
  inputs: readonly InputPort[],
  options: StageOptions,
): ReadonlyMap<number, SourcePort> {
  const sources = new Map<number, SourcePort>()
  stage.inputs.forEach((input, index) => {
    if (input.kind !== 'source' || options.task >= input.partitions) return
    const node = options.program.node(input.nodeId)
    const port = new SourcePort({
      nodeId: input.nodeId,
      own: contributorName(stage.id, options.task),
      ...sourceOf(node, options),
      input: inputs[index] as InputPort,
      probe: options.probe ?? {},
      reject: (nodeId, origin, { code, message }) => {
        options.output.deadLetter({ nodeId, code, message, origin, rowJson: null })
      },
    })
    sources.set(index, port)
  })
  return sources
}

function sourceOf(
  { node, runtime }: ProgramNode,
  { task, generatorStart = 0 }: StageOptions,
): { time: SourceTime; decode: (record: RawRecord) => Decoded } {
  if (runtime.role === 'topic-source') {
    return { time: runtime.time(node.config), decode: runtime.createDecoder(node.config) }
  }
  if (runtime.role !== 'generator-source')
    throw new Error(`node ${node.id} of type ${node.type} is no source`)
  const generate = runtime.createGenerator(node.config, task, generatorStart)
  return { time: runtime.time(node.config), decode: (record) => generate(record.offset) }
}

function addOperator(
  built: {
    slots: Map<string, OperatorSlot>
    queued: Map<string, QueuedOperator>
    states: Map<string, NodeState>
  },
  { id, nodeId, role, queued }: PlannedOperator,
  context: PushContext,
  options: StageOptions,
): void {
  const node = options.program.node(nodeId)
  const state = role === 'partial' ? null : nodeState(node, options)
  if (state !== null) built.states.set(nodeId, state)
  const watermark = () => built.queued.get(id)?.watermark ?? context.watermark
  const own = { nodeId, inputs: node.inputs, state: state ?? NO_STATE, watermark }
  const slot = new OperatorSlot({
    nodeId,
    role,
    operator: makeOperator(node, role, own, options.output),
    latePort: outputIndex(node, 'late'),
    probe: options.probe ?? {},
    reject: (_, record, fault) => deadLetter(nodeId, rowFields(node, role), record, fault, options.output),
  })
  built.slots.set(id, slot)
  const inputs = node.definition.inputs.length
  if (queued) built.queued.set(id, new QueuedOperator({ slot, inputs, state, context }))
}

function nodeState({ node, runtime, inputs }: ProgramNode, options: StageOptions): NodeState | null {
  const layout = runtime.role === 'transform' ? runtime.state?.(node.config, inputs) : undefined
  if (layout === undefined) return null
  return new NodeState({
    nodeId: node.id,
    birth: options.births[node.id] ?? 0,
    codec: createRowCodec(layout.fields),
    fetchRows: options.fetchRows,
  })
}

/** Fields of the rows that an operator reads. */
function rowFields(node: ProgramNode, role: OperatorRole): readonly Field[] {
  return (role === 'merge' ? preAggregationOf(node)?.fields : node.inputs[0]?.fields) ?? []
}

function deadLetter(
  nodeId: string,
  fields: readonly Field[],
  record: StreamRecord,
  fault: RecordFault,
  output: StageOutput,
): void {
  const { origin } = record
  const rowJson = origin?.value === undefined ? encodeJson(fields)(record.row) : null
  output.deadLetter({ nodeId, code: fault.code, message: fault.message, origin, rowJson })
}

function connect(built: BuiltStage, { from, to }: PlannedEdge): void {
  const target = targetOf(built, to)
  if ('input' in from) built.inputs[from.input]?.connect(target)
  else built.slots.get(from.operator)?.connect(from.port, target)
}

function targetOf({ cuts, queued, slots }: BuiltStage, to: PlannedEdge['to']): Target {
  if ('cut' in to) {
    const receiver = cuts[to.cut] as CutPort
    return { receiver, input: receiver.addInput() }
  }
  const receiver = queued.get(to.operator) ?? (slots.get(to.operator) as OperatorSlot)
  return { receiver, input: to.input }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

const NO_STATE: KeyedState = {
  get: refuseState,
  put: refuseState,
  delete: refuseState,
}

function refuseState(): never {
  throw new Error('this node declares no state')
}
